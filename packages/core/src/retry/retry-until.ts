import { isQueueError } from '../contract/errors.ts';
import { type BackoffOptions, backoffDelay } from './backoff.ts';
import { pause } from './pause.ts';

/** When {@link retryUntil} tries again, and when it gives up. */
export interface RetryOptions {
  /** Milliseconds before the first repetition; doubles from one to the next. Default 100. */
  initialDelayMs?: number;
  /** Longest pause in milliseconds. Default 2000. */
  maxDelayMs?: number;
  /** `full`: a random part of each pause, for many that retry at once. Default `none`. */
  jitter?: BackoffOptions['jitter'];
  /** Most repetitions. Default: as many as fit. */
  maxRetries?: number;
  /** Milliseconds after which no repetition begins. Default: no limit. */
  timeoutMs?: number;
  /** Ends the retries: the last error is thrown. */
  signal?: AbortSignal;
  /** Whether trying again can help. Default: a `QueueError` that says `retryable`. */
  isRetryable?: (error: unknown) => boolean;
  /** Called with each error that is followed by a repetition. */
  onRetry?: (error: unknown, attempt: number) => void;
}

/**
 * Runs `operation` until it succeeds, cannot succeed, or the time is over.
 *
 * @param operation - receives the number of the attempt, counted from 0
 * @throws the last error of `operation`
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

/** Milliseconds before repetition number `attempt`, counted from 0, as {@link retryUntil} waits. */
export function retryDelay(attempt: number, options: RetryOptions = {}): number {
  const { initialDelayMs = 100, maxDelayMs = 2_000, jitter = 'none' } = options;
  return backoffDelay(attempt, { initialDelayMs, maxDelayMs, jitter });
}

function saysRetryable(error: unknown): boolean {
  return isQueueError(error) && error.retryable;
}
