import { type Logger, loadTaskQueues, type TaskQueues } from '@slack-mcp/core';
import { Quota } from '../../access/quota.ts';
import type { ToolDescription } from '../../tools/define-tool.ts';
import type { RequestHandlers } from '../protocol/mcp-service.ts';
import type { RunningTask } from './running-task.ts';
import { SessionTasks } from './session-tasks.ts';
import type { TaskPool } from './task-pool.ts';
import type { McpTaskQueues } from './task-queues.ts';

/** Options of `Tasks`. */
export interface TasksOptions {
  /** Opens the task queues when the first task starts. By default, tasks are kept in this process's memory. */
  open?: (() => Promise<TaskQueues>) | undefined;
  /** Whether a tool may take a long time. Clients can call such a tool as a task. */
  isLong: (tool: string) => boolean;
  /**
   * Maximum number of tasks that run at once. A single caller can run at most half of `maxRunning` tasks. Default: 100.
   */
  maxRunning?: number;
  /**
   * Milliseconds without a heartbeat after which a task that another process runs counts as failed. Default: 60000.
   */
  lostAfterMs?: number;
  logger: Logger;
}

type ToolPage = ReturnType<RequestHandlers['tools/list']>;

/** A tool as listed to clients of revision 2025-11-25. */
type TaskToolDescription = ToolDescription & { readonly execution?: { readonly taskSupport: 'optional' } };

/** The tasks of revision 2025-11-25 in all sessions of this process. */
export class Tasks implements TaskPool {
  readonly isLong: (tool: string) => boolean;
  readonly logger: Logger;
  readonly lostAfterMs: number;
  readonly #open: () => Promise<McpTaskQueues>;
  readonly #quota: Quota;
  readonly #running = new Map<string, RunningTask>();
  readonly #pages = new WeakMap<ToolPage, ToolPage>();
  #opened: Promise<McpTaskQueues> | undefined;

  constructor({ open = openEmbedded, isLong, maxRunning = 100, lostAfterMs = 60_000, logger }: TasksOptions) {
    this.#open = open as () => Promise<McpTaskQueues>;
    this.#quota = new Quota(maxRunning);
    this.isLong = isLong;
    this.logger = logger;
    this.lostAfterMs = lostAfterMs;
  }

  /** Opens the tasks of one session. Other sessions cannot see the tasks of a session. */
  session(): SessionTasks {
    return new SessionTasks(this);
  }

  /**
   * Opens the tasks of a caller without a session. All processes with the same store can answer requests for these
   * tasks. Returns undefined if the store belongs to this process.
   */
  async shared(caller: string | undefined): Promise<SessionTasks | undefined> {
    const queues = await this.queues().catch(() => undefined);
    return queues?.shared === true ? new SessionTasks(this, { caller }) : undefined;
  }

  running(taskId: string): RunningTask | undefined {
    return this.#running.get(taskId);
  }

  queues(): Promise<McpTaskQueues> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  /** Marks the tools on a page that can be called as tasks. Calls with the same page return the same object. */
  describe(page: ToolPage): ToolPage {
    const known = this.#pages.get(page);
    if (known !== undefined) return known;
    const tools = page.tools.map(
      (tool): TaskToolDescription =>
        this.isLong(tool.name) ? { ...tool, execution: { taskSupport: 'optional' } } : tool,
    );
    const described = Object.freeze({ ...page, tools });
    this.#pages.set(page, described);
    return described;
  }

  async start(owner: string, make: () => Promise<RunningTask>): Promise<RunningTask | undefined> {
    const giveBack = this.#quota.take(owner);
    if (giveBack === undefined) return undefined;
    try {
      const task = await make();
      this.#running.set(task.task.taskId, task);
      task.over.finally(() => {
        this.#running.delete(task.task.taskId);
        giveBack();
      });
      return task;
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  /** Ends all running tasks and waits until their results are stored. */
  async close(): Promise<void> {
    for (const task of this.#running.values()) task.end('ended');
    await Promise.all([...this.#running.values()].map(({ over }) => over));
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.close();
  }
}

async function openEmbedded(): Promise<TaskQueues> {
  return (await loadTaskQueues({ env: {}, from: import.meta.url })).queues;
}
