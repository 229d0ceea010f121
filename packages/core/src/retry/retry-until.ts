import { isQueueError } from '../contract/errors.ts';
import { type BackoffOptions, backoffDelay } from './backoff.ts';
import { pause } from './pause.ts';

/** Options of {@link retryUntil}. */
export interface RetryOptions {
  /** Milliseconds before the first retry. The pause doubles with each retry. Default 100. */
  initialDelayMs?: number;
  /** Maximum pause in milliseconds. Default 2000. */
  maxDelayMs?: number;
  /**
   * `full` waits for a random part of each pause, so that many clients do not retry at the same time. Default `none`.
   */
  jitter?: BackoffOptions['jitter'];
  /** Maximum number of retries. Default: no limit. */
  maxRetries?: number;
  /** Milliseconds after which no further retry starts. Default: no limit. */
  timeoutMs?: number;
  /** Aborting the signal ends the retries. The last error is then thrown. */
  signal?: AbortSignal;
  /** Whether to retry after an error. Default: retries after a retryable `QueueError`. */
  isRetryable?: (error: unknown) => boolean;
  /** Called with each error that is followed by a retry. */
  onRetry?: (error: unknown, attempt: number) => void;
}

/**
 * Runs `operation` until it succeeds or fails with an error that is not retryable, or until no further retry is
 * allowed.
 *
 * @param operation - receives the number of the attempt, counted from 0
 * @throws the last error of `operation` - it is not retryable, or no further retry is allowed
 */
export async function retryUntil<T>(
  operation: (attempt: number) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { maxRetries = Number.POSITIVE_INFINITY, timeoutMs, signal, isRetryable = saysRetryable, onRetry } = options;
  const deadline = timeoutMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await operation(attempt);
    } catch (error) {
      const delayMs = retryDelay(attempt, options);
      const isOver = attempt >= maxRetries || performance.now() + delayMs >= deadline;
      if (isOver || !isRetryable(error)) throw error;
      onRetry?.(error, attempt);
      if (!(await pause(delayMs, signal))) throw error;
    }
  }
}

/** Returns the milliseconds that {@link retryUntil} waits before retry number `attempt`, counted from 0. */
export function retryDelay(attempt: number, options: RetryOptions = {}): number {
  const { initialDelayMs = 100, maxDelayMs = 2_000, jitter = 'none' } = options;
  return backoffDelay(attempt, { initialDelayMs, maxDelayMs, jitter });
}

function saysRetryable(error: unknown): boolean {
  return isQueueError(error) && error.retryable;
}
