import type { Logger } from '../contract/logger.ts';
import type { Worker } from '../contract/worker.ts';

const ADVICE = 'events wait in the queue: call `await consumer.start()` before the worker file returns the consumer';

/**
 * Logs a warning if a worker was returned before it was started, because such a worker would silently handle no events.
 */
export function warnIfNotStarted(worker: Worker | undefined, logger: Logger): void {
  if (worker?.health?.().detail['state'] === 'not started') logger.warn({ advice: ADVICE }, 'worker_not_started');
}
