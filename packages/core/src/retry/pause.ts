import { setTimeout as elapse } from 'node:timers/promises';

/** Waits `delayMs` milliseconds. Resolves with `false` if the signal ended the wait early. Never rejects. */
export async function pause(delayMs: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return false;
  try {
    await elapse(delayMs, undefined, signal === undefined ? {} : { signal });
    return true;
  } catch {
    return false;
  }
}
