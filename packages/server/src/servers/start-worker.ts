import type { Worker, WorkerContext, WorkerModule } from '@slack-mcp/core';
import type { ServerPart } from './compose-server.ts';
import { withinTime } from './within-time.ts';

/** Milliseconds that a worker may take to start before the server goes on without it. */
const START_TIMEOUT_MS = 3_000;

/**
 * Starts the worker in this process, or warns where that leaves nobody to read. A worker waits for its broker: one that
 * has not started in time keeps starting while the server serves, and is told as down until it has.
 *
 * @throws what kept it from starting
 */
export async function startWorker(
  module: WorkerModule | undefined,
  context: WorkerContext,
  add: (part: ServerPart) => void,
): Promise<void> {
  if (module === undefined) {
    warnOfNoReader(context);
    return;
  }
  let worker: Worker | undefined;
  let gone = false;
  const starting = Promise.resolve()
    .then(() => module(context))
    .then((started) => {
      worker = started;
    });
  const closed = starting
    .then(() => worker?.closed)
    .catch((error: unknown) => {
      gone = true;
      throw error;
    });
  closed.catch(() => {});
  if ((await withinTime(starting, START_TIMEOUT_MS)) === 'late') context.logger.warn({}, 'worker_starting');
  add({
    name: 'worker',
    health: () => ({ status: worker !== undefined && !gone ? 'up' : 'down' }),
    closed,
    // One that is still starting ends with its backend.
    close: async () => worker?.close(),
  });
}

function warnOfNoReader({ backend, logger }: WorkerContext): void {
  if (backend.capabilities.scope !== 'process') return;
  logger.warn(
    {
      backend: backend.name,
      advice: 'only this process can read the queue: give --worker FILE, or choose a backend with a broker',
    },
    'queue_has_no_reader',
  );
}
