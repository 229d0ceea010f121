/** Why Slack considers an attempt failed, as reported in `x-slack-retry-reason`. */
export type RetryReason =
  | 'http_timeout'
  | 'http_error'
  | 'connection_failed'
  | 'too_many_redirects'
  | 'ssl_error'
  | 'unknown_error';

/** The outcome of one attempt. */
export interface AttemptOutcome {
  /** Why the attempt failed; undefined if the app accepted the request. */
  readonly failure: RetryReason | undefined;
  /** The HTTP status of the response; undefined if the app did not respond. */
  readonly status: number | undefined;
  /**
   * Whether the app refused the request with `x-slack-no-retry: 1`. Always false after a timeout, because Slack does
   * not wait for the response.
   */
  readonly noRetry: boolean;
}

/** The delays in milliseconds before the three retries: almost at once, after one minute and after five minutes. */
export const RETRY_DELAYS_MS: readonly number[] = [0, 60_000, 300_000];

/**
 * Returns how many milliseconds to wait before the next attempt. Returns undefined if there is no next attempt, because
 * the app accepted the request, the app refused retries, or all three retries are used.
 *
 * @param attempts the number of attempts so far
 */
export function nextRetryDelayMs(
  attempts: number,
  outcome: AttemptOutcome,
  delays: readonly number[] = RETRY_DELAYS_MS,
): number | undefined {
  if (outcome.failure === undefined || outcome.noRetry) return undefined;
  return delays[attempts - 1];
}
