import type { Env } from '../config/env.ts';
import type { Logger } from './logger.ts';

/**
 * What keeps the tasks of MCP for a server. `Store` and `Queue` are the `TaskStore` and `TaskMessageQueue` of the MCP SDK,
 * which this package does not depend on.
 */
export interface TaskQueues<Store = object, Queue = object> {
  /** Where tasks and their results are. Rejects, within seconds, what it cannot do; retryable errors are `QueueError`s. */
  readonly store: Store;
  /** What is to be said in the course of a task. */
  readonly queue: Queue;
  /** Closes both; what is at a broker stays there. */
  close(): Promise<void>;
}

/**
 * The export `openTaskQueues` of the subpath that a backend names as `taskQueue`. Opens nothing before
 * it is used.
 *
 * @throws ConfigurationError - names the variable and gives an example
 */
export type OpenTaskQueues<Store = object, Queue = object> = (
  env: Env,
  options?: { logger?: Logger },
) => TaskQueues<Store, Queue>;
