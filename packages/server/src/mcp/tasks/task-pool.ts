import type { Logger } from '@slack-mcp/core';
import type { RunningTask } from './running-task.ts';
import type { McpTaskQueues } from './task-queues.ts';

/** Shared by all sessions of a process: the task queues, and the limit of running tasks. */
export interface TaskPool {
  readonly logger: Logger;
  /** The task queues. If opening fails, the next request tries again. */
  queues(): Promise<McpTaskQueues>;
  /**
   * Starts a task and counts it until it is over. Regardless of its number of sessions, a caller never runs more tasks
   * than it leaves free for others, so another caller can always start a task.
   *
   * @param owner - the caller; without authentication, the session
   * @returns undefined if the limit is reached
   */
  start(owner: string, make: () => Promise<RunningTask>): Promise<RunningTask | undefined>;
}
