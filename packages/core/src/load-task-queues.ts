import { DEVELOPMENT_BACKEND, selectedName } from './backend-name.ts';
import { chooseBackend } from './choose-backend.ts';
import { discoverBackends } from './discover-backends.ts';
import { type Env, readEnv } from './env.ts';
import { BackendInvalidError, isQueueError } from './errors.ts';
import { importPlugin, importSubpath } from './import-plugin.ts';
import { installCommand } from './install-command.ts';
import { type Logger, silentLogger } from './logger.ts';
import type { DiscoveryOptions } from './places.ts';
import { QUEUE_ENV } from './queue-env.ts';
import type { OpenTaskQueues, TaskQueues } from './task-queues.ts';

/** Options of {@link loadTaskQueues}. */
export interface LoadTaskQueuesOptions extends DiscoveryOptions {
  /** Default `process.env`. */
  env?: Env;
  /** Default: none. Handed on to the backend. */
  logger?: Logger;
}

/**
 * Loads what keeps the tasks of MCP from the backend that `QUEUE_BACKEND` names; where none is named, or the one that is
 * keeps no tasks, from the one that needs no broker. Opens no connection.
 *
 * @throws ConfigurationError - an invalid `QUEUE_BACKEND` or variable of the backend
 * @throws BackendNotFoundError - says what is installed, what is known and what to install
 * @throws BackendInvalidError - what was found does not keep what its manifest promises
 */
export async function loadTaskQueues(options: LoadTaskQueuesOptions = {}): Promise<TaskQueues> {
  const { logger = silentLogger } = options;
  const env = readEnv(QUEUE_ENV, options.env);
  const selected = selectedName(env);
  if (selected !== undefined) {
    const queues = await load(selected, env.source, options);
    if (queues !== undefined) return queues;
    logger.info({ backend: selected, instead: DEVELOPMENT_BACKEND }, 'task_queues_not_offered');
  }
  const queues = await load(DEVELOPMENT_BACKEND, env.source, options);
  return queues ?? Promise.reject(invalid(DEVELOPMENT_BACKEND, 'are not there'));
}

async function load(
  selected: string,
  env: Env,
  { appRoot = '.', from, logger }: LoadTaskQueuesOptions,
): Promise<TaskQueues | undefined> {
  const installed = discoverBackends({ appRoot, ...(from !== undefined && { from }) });
  const install = (packageName: string): string => installCommand(packageName, appRoot, env);
  const { chosen } = chooseBackend({ selected, installed, production: false, install });
  const { name, taskQueue } = await importPlugin(chosen);
  if (taskQueue === undefined) return undefined;
  const { openTaskQueues } = await importSubpath(chosen, taskQueue);
  if (typeof openTaskQueues !== 'function') throw invalid(name, 'export no openTaskQueues');
  const queues = open(openTaskQueues as OpenTaskQueues, name, env, logger);
  logger?.info({ backend: name, package: chosen.packageName }, 'task_queues_loaded');
  return queues;
}

function open(from: OpenTaskQueues, name: string, env: Env, logger: Logger | undefined): TaskQueues {
  let queues: TaskQueues;
  try {
    queues = from(env, logger && { logger });
  } catch (cause) {
    throw isQueueError(cause) ? cause : invalid(name, 'cannot be opened', cause);
  }
  const { store, queue, close } = (queues ?? {}) as Partial<TaskQueues>;
  if (typeof store === 'object' && typeof queue === 'object' && typeof close === 'function') return queues;
  throw invalid(name, 'are no { store, queue, close }');
}

function invalid(name: string, problem: string, cause?: unknown): BackendInvalidError {
  const message = `the task queues of the backend ${name} ${problem}: update it or tell its author`;
  return new BackendInvalidError(message, cause === undefined ? {} : { cause });
}
