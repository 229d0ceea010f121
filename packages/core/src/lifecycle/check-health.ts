import { withinTime } from '../command/within-time.ts';
import type { BackendHealth } from '../contract/backend.ts';
import type { QueueError } from '../contract/errors.ts';

/** How {@link checkHealth} asks a broker. */
export interface HealthCheck {
  /** Asks the broker. Changes nothing. */
  check(): Promise<BackendHealth>;
  /** Converts a failure of `check`. */
  failed(cause: unknown): QueueError;
  /** The reason why there is no connection, if known. It replaces the error for a missing answer. */
  lastError?(): Error | undefined;
  /** The details to report if the broker is down, for example the endpoint. */
  readonly detail: BackendHealth['detail'];
  /** Milliseconds after which the broker counts as down. Default 2000. */
  readonly timeoutMs?: number;
}

/** Checks the health of a broker within a time limit. Reports `down` with code and problem on failure. Never rejects. */
export async function checkHealth(options: HealthCheck): Promise<BackendHealth> {
  const { detail, timeoutMs = 2_000 } = options;
  try {
    const checking = options.check();
    if ((await withinTime(checking, timeoutMs)) === 'settled') return await checking;
    throw options.lastError?.() ?? new Error(`no answer within ${timeoutMs} ms`);
  } catch (cause) {
    const { code, message } = options.failed(cause);
    return { status: 'down', detail: { ...detail, code, problem: message } };
  }
}
