import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a number of milliseconds. Rejects with the signal's reason if the signal aborts. */
export async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
