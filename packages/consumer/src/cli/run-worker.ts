import { closeInOrder, type Env, onTermination, untilFailure, type Worker, warnIfNotStarted } from '@slack-mcp/core';
import type { WorkerContext } from '@slack-mcp/slack';
import type { WorkerOps } from './worker-ops.ts';

/**
 * Runs a worker until SIGTERM or SIGINT, until the worker ends, or until an uncaught error; then closes the worker and
 * the backend within the drain time.
 *
 * @param drainTimeoutMs - maximum time in milliseconds to close the worker and the backend
 * @param env - see `onTermination`
 * @param ops - the health and the metrics of the process, which are closed last
 * @throws the worker's fatal error
 * @throws Error - the worker or the backend did not close in time
 */
export async function runWorker(
  start: (context: WorkerContext) => Promise<Worker>,
  context: WorkerContext,
  { drainTimeoutMs, env, ops }: { drainTimeoutMs: number; env?: Env; ops?: WorkerOps | undefined },
): Promise<void> {
  const { logger, backend } = context;
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const release = onTermination((why) => {
    logger.info(why, 'consumer_stopping');
    ops?.stopping();
    stop();
  }, env);
  const failure = untilFailure(logger);
  let worker: Worker | undefined;
  const close = (): Promise<void> =>
    closeInOrder(
      [
        { name: 'worker', close: async (ms) => worker?.close({ drainTimeoutMs: ms }) },
        { name: 'backend', close: (ms) => backend.close({ drainTimeoutMs: ms }) },
        { name: 'health', close: async () => ops?.close() },
      ],
      { drainTimeoutMs, logger },
    );
  try {
    try {
      await ops?.listen(backend, logger);
      const starting = start(context);
      starting.catch(() => {});
      // A worker waits while its broker is unavailable, so a signal may arrive before it has started.
      worker = (await Promise.race([starting, stopped, failure.failed])) ?? undefined;
      ops?.started(worker);
      warnIfNotStarted(worker, logger);
      await Promise.race([stopped, worker?.closed ?? stopped, failure.failed]);
    } catch (error) {
      // The log already says what did not close. The reason for the end comes last.
      await close().catch(() => {});
      throw error;
    }
    await close();
  } finally {
    failure.dispose();
    release();
  }
}
