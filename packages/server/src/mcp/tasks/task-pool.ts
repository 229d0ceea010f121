import type { Logger } from '@slack-mcp/core';
import type { RunningTask } from './running-task.ts';
import type { McpTaskQueues } from './task-queues.ts';

/** The task queues and the limit on running tasks, which all sessions of a process share. */
export interface TaskPool {
  readonly logger: Logger;
  /** Returns the task queues. If opening the queues fails, the next request tries again. */
  queues(): Promise<McpTaskQueues>;
  /** Returns a task that this process runs. */
  running(taskId: string): RunningTask | undefined;
  /** Milliseconds without a heartbeat after which a task that another process runs counts as failed. */
  readonly lostAfterMs: number;
  /**
   * Starts a task, which counts toward the limit until it is over. All sessions of a caller together can use at
   * most half of the capacity that the other callers leave free, so that another caller can always start a task.
   *
   * @param owner - the caller; without authentication, the session
   * @returns undefined if the limit is reached
   */
  start(owner: string, make: () => Promise<RunningTask>): Promise<RunningTask | undefined>;
}
