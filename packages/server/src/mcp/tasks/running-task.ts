import type { TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { Result, Task } from '@modelcontextprotocol/sdk/types.js';
import { backoffDelay, isQueueError, type Logger } from '@slack-mcp/core';
import { wait } from '@slack-mcp/slack';
import { FAILURE_META_KEY, type ToolResult, toolFailure } from '../../tools/tool-result.ts';

/**
 * Why a task ends early. `cancelled` means that the client cancelled the task; `ended` means that its session ended,
 * for example at shutdown.
 */
export type TaskEnd = 'cancelled' | 'ended';

/** Options of `RunningTask`. */
export interface RunningTaskOptions {
  readonly task: Task;
  /** The store for the result of the task. */
  readonly store: TaskStore;
  readonly session: string;
  /**
   * Whether other processes can answer requests for the task. They cancel the task in the store, and see in the store
   * whether the task is alive.
   */
  readonly isShared: boolean;
  readonly logger: Logger;
  run(signal: AbortSignal): Promise<ToolResult>;
  /** Called when the result is stored. */
  onResult(): void;
}

/**
 * Maximum number of attempts to store a result while the store is unavailable. All attempts together take about a
 * minute.
 */
const ATTEMPTS = 8;

/** Milliseconds between two heartbeats of a shared task. */
const BEAT_MS = 2_000;

const ENDED: ToolResult = toolFailure({
  code: 'task_ended',
  message: 'The session of the task ended or the server was shut down before the task was done. Call the tool again.',
  details: {},
});

const BROKEN: ToolResult = toolFailure({
  code: 'internal_error',
  message: 'Internal server error.',
  details: {},
});

/** A task in progress. */
export class RunningTask {
  /** Resolves when the task is over and its outcome is stored. */
  readonly over: Promise<void>;
  readonly #options: RunningTaskOptions;
  readonly #abort = new AbortController();
  #end: TaskEnd | undefined;

  constructor(options: RunningTaskOptions) {
    this.#options = options;
    this.over = this.#run();
  }

  get task(): Task {
    return this.#options.task;
  }

  /** Cancels the task's calls to Slack. */
  end(why: TaskEnd): void {
    this.#end ??= why;
    this.#abort.abort(
      new Error(why === 'cancelled' ? 'The client cancelled the task.' : 'The session of the task ended.'),
    );
  }

  async #run(): Promise<void> {
    const { run, isShared, logger, onResult } = this.#options;
    let result: ToolResult;
    const beat = isShared ? setInterval(() => void this.#beat(), BEAT_MS) : undefined;
    try {
      result = await run(this.#abort.signal);
    } catch (error) {
      result = this.#end === undefined ? BROKEN : ENDED;
      if (result === BROKEN) {
        logger.error({ error: error instanceof Error ? error.name : typeof error }, 'mcp_task_broken');
      }
    }
    clearInterval(beat);
    // The store has already recorded the cancellation as final.
    if (this.#end === 'cancelled') return;
    if (await this.#store(result)) onResult();
  }

  /** Shows other processes that the task is alive, and ends the task if another process cancelled it. */
  async #beat(): Promise<void> {
    const { store, session } = this.#options;
    const { taskId } = this.task;
    try {
      const task = await store.getTask(taskId, session);
      if (task?.status === 'working') await store.updateTaskStatus(taskId, 'working', undefined, session);
      else this.end('cancelled');
    } catch {
      // The store is unavailable, or the task has just ended. The next beat finds out.
    }
  }

  async #store(result: ToolResult): Promise<boolean> {
    const { store, session, logger } = this.#options;
    const { taskId } = this.task;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const problem = result._meta?.[FAILURE_META_KEY].message;
        if (problem !== undefined) await store.updateTaskStatus(taskId, 'working', problem, session);
        await store.storeTaskResult(taskId, result.isError ? 'failed' : 'completed', result as Result, session);
        return true;
      } catch (error) {
        // The task was cancelled or expired in the meantime, so its result is not needed.
        if (!isQueueError(error)) return false;
        const last = attempt + 1 >= ATTEMPTS || this.#end !== undefined || !error.retryable;
        if (last) logger.error({ error: error.code, attempts: attempt + 1 }, 'mcp_task_result_lost');
        if (last) return false;
        await wait(backoffDelay(attempt, { initialDelayMs: 500, maxDelayMs: 10_000 }), this.#abort.signal).catch(
          () => {},
        );
      }
    }
  }
}
