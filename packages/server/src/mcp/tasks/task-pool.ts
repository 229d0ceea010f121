import type { Logger } from '@slack-mcp/core';
import type { RunningTask } from './running-task.ts';
import type { McpTaskQueues } from './task-queues.ts';

/** What the sessions of a process share: what keeps their tasks, and the bound on how many run. */
export interface TaskPool {
  readonly logger: Logger;
  /** What keeps them. One that could not be opened is tried again at the next request. */
  queues(): Promise<McpTaskQueues>;
  /**
   * Starts a task, and counts it until it is over. A caller never has more than are left for the others, in however many
   * sessions, so that another caller can always start some.
   *
   * @param owner - the caller; without authorization, the session
   * @returns undefined where as many run as may
   */
  start(owner: string, make: () => Promise<RunningTask>): Promise<RunningTask | undefined>;
}
