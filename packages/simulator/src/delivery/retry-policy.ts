/** Why Slack considers an attempt failed, as reported in `x-slack-retry-reason`. */
export type RetryReason =
  | 'http_timeout'
  | 'http_error'
  | 'connection_failed'
  | 'too_many_redirects'
  | 'ssl_error'
  | 'unknown_error';

/** How one attempt ended. */
export interface AttemptOutcome {
  /** Undefined if the app accepted the request. */
  readonly failure: RetryReason | undefined;
  /** HTTP status of the response, if there was one. */
  readonly status: number | undefined;
  /** The app refused with `x-slack-no-retry: 1`. Never set after a timeout: Slack does not wait for that response. */
  readonly noRetry: boolean;
}

/** Delays before the three retries: almost at once, one minute, five minutes. */
export const RETRY_DELAYS_MS: readonly number[] = [0, 60_000, 300_000];

/**
 * How long to wait before the next attempt; undefined if there is no next attempt: the app accepted the request,
 * all three retries are used, or the app refused retries.
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
