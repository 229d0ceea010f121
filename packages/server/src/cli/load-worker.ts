import { ConfigurationError, loadWorkerModule } from '@slack-mcp/core';
import type { WorkerContext, WorkerModule } from '@slack-mcp/slack';
import type { Responders } from '../ingress/responders.ts';
import { CommandFailure } from './command-failure.ts';

/** What a worker file holds. */
export interface LoadedWorker {
  readonly worker: WorkerModule;
  /** Its export `respond`, if it has one. */
  readonly responders?: Responders;
}

const FLAG = '--worker';
const RESPONDERS: readonly string[] = ['onViewSubmission', 'onOptions', 'onCommand'] satisfies (keyof Responders)[];

/**
 * Imports a worker file, JavaScript or TypeScript.
 *
 * @throws ConfigurationError - names the file and what is wrong with it
 */
export async function loadWorker(file: string): Promise<LoadedWorker> {
  const { start, exports } = await loadWorkerModule<WorkerContext>(file, { flag: FLAG });
  const respond = exports['respond'];
  if (respond !== undefined && !isResponders(respond)) {
    throw new ConfigurationError(
      `${FLAG} ${file}: its export respond must be an object of functions named ${RESPONDERS.join(', ')}`,
    );
  }
  const worker: WorkerModule = (context) =>
    start(context).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw reason.startsWith(FLAG)
        ? error
        : new CommandFailure(`${FLAG} ${file}: did not start: ${reason}`, 1, { cause: error });
    });
  return { worker, ...(respond === undefined ? {} : { responders: respond }) };
}

function isResponders(value: unknown): value is Responders {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([name, item]) => RESPONDERS.includes(name) && typeof item === 'function');
}
