import type { WorkerContext, WorkerModule } from '@slack-mcp/core';
import type { ServerPart } from './compose-server.ts';

/** Starts the worker in this process, or warns where that leaves nobody to read. */
export async function startWorker(
  module: WorkerModule | undefined,
  context: WorkerContext,
  add: (part: ServerPart) => void,
): Promise<void> {
  if (module === undefined) {
    if (context.backend.capabilities.scope === 'process') {
      context.logger.warn(
        {
          backend: context.backend.name,
          advice: 'only this process can read the queue: give --worker FILE, or choose a backend with a broker',
        },
        'queue_has_no_reader',
      );
    }
    return;
  }
  const worker = await module(context);
  let status: 'up' | 'down' = 'up';
  const closed = worker.closed?.catch((error: unknown) => {
    status = 'down';
    throw error;
  });
  add({
    name: 'worker',
    health: () => ({ status }),
    close: () => worker.close(),
    ...(closed === undefined ? {} : { closed }),
  });
}
