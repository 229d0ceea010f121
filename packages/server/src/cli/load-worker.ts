import { ConfigurationError, loadWorkerModule } from '@slack-mcp/core';
import type { WorkerContext, WorkerModule } from '@slack-mcp/slack';
import type { Responders } from '../ingress/responders.ts';
import { CommandFailure } from './command-failure.ts';

/** The exports of a worker file. */
export interface LoadedWorker {
  readonly worker: WorkerModule;
  /** The module's export `respond`; undefined if the module has no such export. */
  readonly responders?: Responders;
}

const FLAG = '--worker';
const RESPONDERS: readonly string[] = ['onViewSubmission', 'onOptions', 'onCommand'] satisfies (keyof Responders)[];

/**
 * Imports a worker file in JavaScript or TypeScript.
 *
 * @throws ConfigurationError - the file cannot be used as a worker; the message names the file and the problem
 */
export async function loadWorker(file: string): Promise<LoadedWorker> {
  const { start, exports } = await loadWorkerModule<WorkerContext>(file, { flag: FLAG });
  const respond = exports['respond'];
  if (respond !== undefined && !isResponders(respond)) {
    throw new ConfigurationError(
      `${FLAG} ${file}: its export "respond" must be an object with functions named ${RESPONDERS.join(', ')}`,
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
