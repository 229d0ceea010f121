/** Why Slack considers an attempt failed, as it says in `x-slack-retry-reason`. */
export type RetryReason =
  | 'http_timeout'
  | 'http_error'
  | 'connection_failed'
  | 'too_many_redirects'
  | 'ssl_error'
  | 'unknown_error';

/** How one attempt ended. */
export interface AttemptOutcome {
  /** Undefined: the app took the request. */
  readonly failure: RetryReason | undefined;
  /** HTTP status of the answer, if one came. */
  readonly status: number | undefined;
  /** The app refused with `x-slack-no-retry: 1`. Never after a timeout: Slack does not wait for that answer. */
  readonly noRetry: boolean;
}

/** Waiting times before the three retries: almost at once, one minute, five minutes. */
export const RETRY_DELAYS_MS: readonly number[] = [0, 60_000, 300_000];

/**
 * How long to wait before the next attempt, or undefined when there is none: the app took it, the three retries are
 * used up, or it asked for no retry.
 *
 * @param attempts how many attempts there were
 */
export function nextRetryDelayMs(
  attempts: number,
  outcome: AttemptOutcome,
  delays: readonly number[] = RETRY_DELAYS_MS,
): number | undefined {
  if (outcome.failure === undefined || outcome.noRetry) return undefined;
  return delays[attempts - 1];
}
