import type { Logger } from '@slack-mcp/core';
import type { RunningTask } from './running-task.ts';
import type { McpTaskQueues } from './task-queues.ts';

/** What the sessions of a process share: what keeps their tasks, and the bound on how many run. */
export interface TaskPool {
  readonly logger: Logger;
  /** What keeps them. One that could not be opened is tried again at the next request. */
  queues(): Promise<McpTaskQueues>;
  /**
   * Starts a task, and counts it until it is over. A session never has more than are left for the others, so that another
   * session can always start some.
   *
   * @param own - how many the session has
   * @returns undefined where as many run as may
   */
  start(own: number, make: () => Promise<RunningTask>): Promise<RunningTask | undefined>;
}
