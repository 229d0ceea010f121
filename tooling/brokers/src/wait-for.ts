import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls `attempt` until it returns something other than `false` or `undefined` and does not throw.
 *
 * @throws {Error} after `timeoutMs` (default 30,000), with the last error as its cause
 */
export async function waitFor<T>(
  what: string,
  attempt: () => Promise<T | false | undefined> | T | false | undefined,
  { timeoutMs = 30_000, intervalMs = 25 }: { timeoutMs?: number; intervalMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const result = await attempt();
      if (result !== false && result !== undefined) return result;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline)
      throw new Error(`Timed out after ${timeoutMs} ms while waiting for ${what}.`, { cause });
    await sleep(intervalMs);
  }
}
