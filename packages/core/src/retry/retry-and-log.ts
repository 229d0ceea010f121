import type { Logger } from '../contract/logger.ts';
import { ProblemLog } from './problem-log.ts';
import { type RetryOptions, retryUntil } from './retry-until.ts';

/** Options of {@link retryAndLog}. */
export interface RetryAndLogOptions extends Pick<RetryOptions, 'initialDelayMs' | 'maxDelayMs' | 'signal'> {
  logger: Logger;
  /** The event name to log, for example `queue_join_failed`. */
  event: string;
}

/**
 * Runs `operation` until it succeeds or fails with an error that is not retryable, or until the signal is aborted.
 * Retries without a time limit, and logs each different reason once.
 *
 * @throws the last error of `operation` - it is not retryable, or the signal is aborted
 */
export function retryAndLog<T>(
  operation: () => Promise<T>,
  { logger, event, ...options }: RetryAndLogOptions,
): Promise<T> {
  const problems = new ProblemLog(logger, event);
  return retryUntil(operation, { ...options, onRetry: (error) => problems.report(error as Error) });
}
