import type { TaskMessageQueue, TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { Result, Task } from '@modelcontextprotocol/sdk/types.js';
import { isQueueError } from '@slack-mcp/core';
import { unlessAborted } from '@slack-mcp/slack';
import { type ToolResult, toolFailure } from '../../tools/tool-result.ts';
import { RequestError } from '../protocol/request-error.ts';
import type { TaskPool } from './task-pool.ts';
import type { McpTaskQueues } from './task-queues.ts';

/** Maximum milliseconds to wait for the task store. */
const STORE_TIMEOUT_MS = 15_000;

/** The caller of requests without a session; undefined without authentication. */
export interface TaskOwner {
  readonly caller: string | undefined;
}

/**
 * The tasks of a session or caller in the store, and their messages, as the SDK needs them to answer task requests.
 * Cancelling a task cancels its calls to Slack. One small object, because each session has one.
 */
export class StoredTasks implements TaskStore, TaskMessageQueue {
  /** The name of the session or caller in the store. */
  readonly name: string;
  readonly #all: TaskPool;
  readonly #owner: TaskOwner | undefined;

  /** @param owner - the caller, if its requests belong to no session */
  constructor(all: TaskPool, name: string, owner: TaskOwner | undefined) {
    this.#all = all;
    this.name = name;
    this.#owner = owner;
  }

  createTask(...[params, id, request]: Parameters<TaskStore['createTask']>): Promise<Task> {
    return this.#ask(({ store }) => store.createTask(params, id, request, this.name));
  }

  getTask(id: string): Promise<Task | null> {
    return this.#ask(({ store }) => this.#read(store, id));
  }

  getTaskResult(id: string): Promise<Result> {
    return this.#ask(({ store }) => store.getTaskResult(id, this.name));
  }

  async listTasks(cursor?: string): ReturnType<TaskStore['listTasks']> {
    if (this.#owner !== undefined && this.#owner.caller === undefined) return { tasks: [] };
    return this.#ask(({ store }) => store.listTasks(cursor, this.name));
  }

  storeTaskResult(...[id, status, result]: Parameters<TaskStore['storeTaskResult']>): Promise<void> {
    return this.#ask(({ store }) => store.storeTaskResult(id, status, result, this.name));
  }

  async updateTaskStatus(...[id, status, message]: Parameters<TaskStore['updateTaskStatus']>): Promise<void> {
    await this.#ask(({ store }) => store.updateTaskStatus(id, status, message, this.name));
    if (status === 'cancelled') this.#all.running(id)?.end('cancelled');
  }

  enqueue(...[id, message, , max]: Parameters<TaskMessageQueue['enqueue']>): Promise<void> {
    return this.#ask(({ queue }) => queue.enqueue(id, message, this.name, max));
  }

  dequeue(id: string): ReturnType<TaskMessageQueue['dequeue']> {
    return this.#ask(({ queue }) => queue.dequeue(id, this.name));
  }

  dequeueAll(id: string): ReturnType<TaskMessageQueue['dequeueAll']> {
    // The SDK ignores the result, so a failure would go unhandled. Leftovers expire.
    return this.#ask(({ queue }) => queue.dequeueAll(id, this.name)).catch(() => []);
  }

  /**
   * Returns a task. If the process that ran a caller's task has died, the task is stored as failed, because no other
   * process would end it.
   */
  async #read(store: TaskStore, id: string): Promise<Task | null> {
    const task = await store.getTask(id, this.name);
    const isQuiet = task?.status === 'working' && Date.now() - Date.parse(task.lastUpdatedAt) > this.#all.lostAfterMs;
    if (this.#owner === undefined || !isQuiet || this.#all.running(id) !== undefined) return task;
    // Another process may store the outcome at the same moment. The first one counts.
    await store.storeTaskResult(id, 'failed', LOST as Result, this.name).catch(() => {});
    return store.getTask(id, this.name);
  }

  async #ask<T>(act: (queues: McpTaskQueues) => Promise<T>): Promise<T> {
    try {
      return await unlessAborted(this.#all.queues().then(act), AbortSignal.timeout(STORE_TIMEOUT_MS));
    } catch (error) {
      const late = error instanceof DOMException && error.name === 'TimeoutError';
      if (!isQueueError(error) && !late) throw error;
      this.#all.logger.warn({ error: isQueueError(error) ? error.code : 'timeout' }, 'mcp_tasks_unavailable');
      const message = 'Tasks cannot be stored or read now. Try again in a moment, or call the tool without a task.';
      throw new RequestError('internalError', message);
    }
  }
}

const LOST: ToolResult = toolFailure({
  code: 'task_ended',
  message: 'The server that ran the task ended before the task was done. Call the tool again.',
  details: {},
});
