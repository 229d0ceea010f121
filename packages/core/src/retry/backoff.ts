/** Options of an exponential backoff. */
export interface BackoffOptions {
  /** Milliseconds before the first retry. Default 200. */
  initialDelayMs?: number;
  /** Maximum delay in milliseconds. Default 30000. */
  maxDelayMs?: number;
  /** Factor by which the delay grows with each attempt. Default 2. */
  factor?: number;
  /** `full` (default) waits for a random time between 0 and the delay, `none` for the whole delay. */
  jitter?: 'full' | 'none';
  /** Returns random numbers from 0 (inclusive) to 1 (exclusive). Default `Math.random`. */
  random?: () => number;
}

/** Returns the milliseconds to wait before retry number `attempt`, counted from 0. */
export function backoffDelay(attempt: number, options: BackoffOptions = {}): number {
  const { initialDelayMs = 200, maxDelayMs = 30_000, factor = 2, jitter = 'full', random = Math.random } = options;
  // The power can become infinite, and infinity times an initial delay of 0 is NaN.
  const growth = Math.min(Number.MAX_VALUE, factor ** Math.max(0, attempt));
  const delay = Math.min(maxDelayMs, initialDelayMs * growth);
  return jitter === 'full' ? Math.floor(random() * delay) : delay;
}
