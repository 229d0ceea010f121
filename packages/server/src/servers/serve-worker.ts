import { addWorkerMetrics, type Metrics, type Worker, warnIfNotStarted, withinTime } from '@slack-mcp/core';
import type { WorkerContext, WorkerModule } from '@slack-mcp/slack';
import type { ServerPart } from './compose-server.ts';
import { untilHandled } from './until-handled.ts';

/**
 * Maximum time in milliseconds to wait for the worker to start. If the worker does not start in time, the server starts
 * without waiting for it.
 */
const START_TIMEOUT_MS = 3_000;

/**
 * Adds the worker of a server, or logs a warning if no worker is set and nothing reads the queue. A worker may start
 * slowly, because it waits for its broker. A worker that does not start in time continues to start while the server
 * runs, and counts as down until it has started.
 */
export function serveWorker(
  module: WorkerModule | undefined,
  context: WorkerContext,
  metrics: Metrics,
  add: (part: ServerPart) => void,
): void {
  if (module === undefined) {
    warnOfNoReader(context);
    return;
  }
  const { backend, logger } = context;
  let worker: Worker | undefined;
  const stopMeasuring = addWorkerMetrics(metrics, { backend, worker: () => worker });
  let state: 'idle' | 'alive' | 'closing' | 'gone' = 'idle';
  const started = Promise.withResolvers<void>();
  const closed = started.promise
    .then(() => worker?.closed?.then(onEnd))
    .catch((error: unknown) => {
      state = 'gone';
      throw error;
    });
  closed.catch(() => {});

  async function begin(): Promise<void> {
    state = 'alive';
    Promise.resolve()
      .then(() => module?.(context))
      .then((result) => {
        worker = result;
        warnIfNotStarted(result, logger);
        started.resolve();
      }, started.reject);
    if ((await withinTime(started.promise, START_TIMEOUT_MS)) === 'late') logger.warn({}, 'worker_starting');
  }

  function onEnd(): void {
    if (state === 'alive') logger.warn({}, 'worker_ended');
    state = 'gone';
  }

  async function close(drainTimeoutMs: number): Promise<void> {
    const deadline = performance.now() + drainTimeoutMs;
    if (backend.capabilities.scope === 'process' && state === 'alive') {
      // Messages that are not handled now never will be. The last fifth of the time is for those in flight.
      const lastCall = deadline - drainTimeoutMs / 5;
      await withinTime(Promise.allSettled([started.promise]), lastCall - performance.now());
      await untilHandled(backend, () => state === 'alive' && performance.now() < lastCall);
    }
    if (state === 'alive') state = 'closing';
    // A worker that is still starting ends with its backend.
    await worker?.close({ drainTimeoutMs: Math.max(0, deadline - performance.now()) });
    stopMeasuring();
  }

  add({
    name: 'worker',
    health: () =>
      worker !== undefined && state !== 'gone' ? (worker.health?.() ?? { status: 'up' }) : { status: 'down' },
    begin,
    closed,
    close,
  });
}

function warnOfNoReader({ backend, logger }: WorkerContext): void {
  if (backend.capabilities.scope !== 'process') return;
  logger.warn(
    {
      backend: backend.name,
      advice: 'only this process can read the queue: add --worker FILE, or choose a backend with a broker',
    },
    'queue_has_no_reader',
  );
}
