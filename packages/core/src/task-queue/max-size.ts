import { ConfigurationError, QueueFullError } from '../contract/errors.ts';

/**
 * Checks the `maxSize` of a call of `enqueue`.
 *
 * @throws ConfigurationError - `maxSize` is not a whole number of messages
 */
export function assertMaxSize(value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return;
  throw new ConfigurationError(`maxSize is ${value}: use a whole number of messages, at least 0 (for example 100)`);
}

/** Creates the error of `enqueue` for a queue that already holds `maxSize` messages. */
export function taskQueueFull(maxSize: number | undefined): QueueFullError {
  return new QueueFullError(
    `Task message queue overflow: the queue of the task already holds its maximum of ${maxSize} messages; try again later`,
  );
}
