import { readEnv } from '../config/env.ts';
import { QUEUE_ENV } from '../config/queue-env.ts';
import { BackendInvalidError } from '../contract/errors.ts';
import type { TaskQueues } from '../contract/task-queues.ts';
import { DEVELOPMENT_BACKEND, selectedName } from './backend-name.ts';
import { type Facet, type LoadFacetOptions, loadFacet } from './load-facet.ts';

/** The loaded storage for tasks and its origin. */
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
 * Loads the storage for MCP tasks from the backend in `QUEUE_BACKEND`. If `QUEUE_BACKEND` is unset, or names a backend
 * that does not store tasks, loads the storage from the `memory` backend. Opens no connection and logs nothing.
 *
 * @throws ConfigurationError - `QUEUE_BACKEND` or a variable of the backend is invalid
 * @throws BackendNotFoundError - the backend is not installed; the message lists the installed and known backends and
 *   the install command
 * @throws BackendInvalidError - the package does not export what its manifest declares
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
    `the backend ${DEVELOPMENT_BACKEND} does not store MCP tasks. Update the package or report this to its author`,
  );
}
