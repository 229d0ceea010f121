import { readEnv } from '../config/env.ts';
import { QUEUE_ENV } from '../config/queue-env.ts';
import { BackendInvalidError } from '../contract/errors.ts';
import type { TaskQueues } from '../contract/task-queues.ts';
import { DEVELOPMENT_BACKEND, selectedName } from './backend-name.ts';
import { type Facet, type LoadFacetOptions, loadFacet } from './load-facet.ts';

/** What keeps tasks, and where it comes from. */
export interface LoadedTaskQueues {
  readonly queues: TaskQueues;
  /** The name of the backend. */
  readonly backend: string;
  readonly packageName: string;
}

/** Options of {@link loadTaskQueues}. */
export type LoadTaskQueuesOptions = LoadFacetOptions;

const TASK_QUEUES: Facet<TaskQueues> = {
  member: 'taskQueue',
  opener: 'openTaskQueues',
  shape: { store: 'object', queue: 'object', close: 'function' },
};

/**
 * Loads what keeps the tasks of MCP from the backend that `QUEUE_BACKEND` names; where none is named, or the one that is
 * keeps no tasks, from the one that needs no broker. Opens no connection, and logs nothing.
 *
 * @throws ConfigurationError - an invalid `QUEUE_BACKEND` or variable of the backend
 * @throws BackendNotFoundError - says what is installed, what is known and what to install
 * @throws BackendInvalidError - what was found does not keep what its manifest promises
 */
export async function loadTaskQueues(options: LoadTaskQueuesOptions = {}): Promise<LoadedTaskQueues> {
  const env = readEnv(QUEUE_ENV, options.env);
  const load = async (selected: string): Promise<LoadedTaskQueues | undefined> => {
    const source = { selected, variable: 'QUEUE_BACKEND', env: env.source };
    const loaded = await loadFacet(TASK_QUEUES, source, options);
    return loaded && { queues: loaded.facet, backend: loaded.backend, packageName: loaded.packageName };
  };
  const selected = selectedName(env);
  const queues = (selected === undefined ? undefined : await load(selected)) ?? (await load(DEVELOPMENT_BACKEND));
  if (queues !== undefined) return queues;
  throw new BackendInvalidError(
    `the backend ${DEVELOPMENT_BACKEND} keeps no tasks of MCP: update it or tell its author`,
  );
}
