import type { Logger } from '../contract/logger.ts';
import type { Worker } from '../contract/worker.ts';

const ADVICE = 'its events wait in the queue: call `await consumer.start()` before you return it from the worker file';

/** Warns of a worker that was returned without having been started: nothing else would say that nothing is handled. */
export function warnIfNotStarted(worker: Worker | undefined, logger: Logger): void {
  if (worker?.health?.().detail['state'] === 'not started') logger.warn({ advice: ADVICE }, 'worker_not_started');
}
