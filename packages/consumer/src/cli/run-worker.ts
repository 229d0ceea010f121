import { closeInOrder, untilFailure, type Worker, warnIfNotStarted } from '@slack-mcp/core';
import type { WorkerContext } from '@slack-mcp/slack';
import { onTermination } from '../termination.ts';

/**
 * Runs a worker until SIGTERM or SIGINT, until it ends itself, or until something fails that nobody catches; then closes
 * it and the backend within the drain time.
 *
 * @param drainTimeoutMs - milliseconds for both together
 * @throws what the worker cannot go on with; Error that names what did not close
 */
export async function runWorker(
  start: (context: WorkerContext) => Promise<Worker>,
  context: WorkerContext,
  { drainTimeoutMs }: { drainTimeoutMs: number },
): Promise<void> {
  const { logger, backend } = context;
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const release = onTermination((signal) => {
    logger.info({ signal }, 'consumer_stopping');
    stop();
  });
  const failure = untilFailure(logger);
  let worker: Worker | undefined;
  const close = (): Promise<void> =>
    closeInOrder(
      [
        { name: 'worker', close: async (ms) => worker?.close({ drainTimeoutMs: ms }) },
        { name: 'backend', close: (ms) => backend.close({ drainTimeoutMs: ms }) },
      ],
      { drainTimeoutMs, logger },
    );
  try {
    const starting = start(context);
    starting.catch(() => {});
    try {
      // A worker waits for a broker that is away: it can be told to end before it has started.
      worker = (await Promise.race([starting, stopped, failure.failed])) ?? undefined;
      warnIfNotStarted(worker, logger);
      await Promise.race([stopped, worker?.closed ?? stopped, failure.failed]);
    } catch (error) {
      // The log tells what did not close; why the process ends is said last.
      await close().catch(() => {});
      throw error;
    }
    await close();
  } finally {
    failure.dispose();
    release();
  }
}
