import { pause } from '@slack-mcp/core/backend';

/** Milliseconds between two pings to a coordinator that has not answered yet. */
const PULSE_MS = 2_000;

export interface SlowAnswerOptions {
  /** Sends another request to the same coordinator. */
  ping(): Promise<unknown>;
  /** Closes the connection. Called when the coordinator does not answer `ping` or the signal aborts. */
  giveUp(error?: Error): void;
  readonly signal?: AbortSignal;
}

/** Waits for a slow answer as long as the coordinator still answers other requests. */
export async function slowAnswer<T>(answer: Promise<T>, { ping, giveUp, signal }: SlowAnswerOptions): Promise<T> {
  const over = new AbortController();
  const pulse = async (): Promise<void> => {
    while (await pause(PULSE_MS, over.signal)) {
      try {
        await ping();
      } catch (error) {
        if (!over.signal.aborted) giveUp(error as Error);
        return;
      }
    }
  };
  const stop = (): void => giveUp();
  signal?.addEventListener('abort', stop, { once: true });
  void pulse();
  try {
    return await answer;
  } finally {
    over.abort();
    signal?.removeEventListener('abort', stop);
  }
}
