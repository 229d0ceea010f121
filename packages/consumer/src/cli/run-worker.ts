import type { Worker, WorkerContext } from '@slack-mcp/core';
import { onTermination } from '../termination.ts';

/**
 * Runs a worker until SIGTERM or SIGINT, or until it ends itself; then closes it and the backend.
 *
 * @throws what the worker cannot go on with
 */
export async function runWorker(
  start: (context: WorkerContext) => Promise<Worker>,
  context: WorkerContext,
): Promise<void> {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const release = onTermination((signal) => {
    context.logger.info({ signal }, 'consumer_stopping');
    stop();
  });
  const starting = start(context);
  try {
    // A worker waits for a broker that is away: it can be told to end before it has started.
    const worker = await Promise.race([starting, stopped]);
    if (!worker) return;
    try {
      await Promise.race([stopped, worker.closed ?? stopped]);
    } finally {
      await worker.close();
    }
  } finally {
    starting.catch(() => {});
    await context.backend.close();
    release();
  }
}
