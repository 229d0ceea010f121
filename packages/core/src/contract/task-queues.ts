import type { Env } from '../config/env.ts';
import type { Logger } from './logger.ts';

/**
 * The storage of the MCP tasks of a server. `Store` and `Queue` are the `TaskStore` and `TaskMessageQueue` of the MCP
 * SDK, which is not a dependency of this package.
 */
export interface TaskQueues<Store = object, Queue = object> {
  /**
   * Stores tasks and their results. While the broker is unavailable, calls reject within seconds with a retryable
   * `QueueError`.
   */
  readonly store: Store;
  /** Stores the messages that a task sends to its client. */
  readonly queue: Queue;
  /**
   * Whether all processes with the same settings see the same tasks. Servers without sessions offer tasks only in this
   * case. Default false.
   */
  readonly shared?: boolean;
  /** Closes the store and the queue. `close` keeps the data at the broker. */
  close(): Promise<void>;
}

/**
 * The type of `openTaskQueues`, which a backend package exports from the subpath in `PluginFacets.taskQueue`. The store
 * and the queue connect on first use.
 *
 * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
 */
export type OpenTaskQueues<Store = object, Queue = object> = (
  env: Env,
  options?: { logger?: Logger },
) => TaskQueues<Store, Queue>;
