import { randomUUID } from 'node:crypto';
import type { TaskMessageQueue, TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { Task } from '@modelcontextprotocol/sdk/types.js';
import { isQueueError } from '@slack-mcp/core';
import { unlessAborted } from '@slack-mcp/slack';
import type { ToolResult } from '../../tools/tool-result.ts';
import { flatString } from '../flat-string.ts';
import { RequestError } from '../protocol/request-error.ts';
import { RunningTask } from './running-task.ts';
import type { TaskPool } from './task-pool.ts';
import type { McpTaskQueues } from './task-queues.ts';

/** A call to run as a task. */
export interface TaskRequest {
  /** Milliseconds for which the client wants the task to be stored; `null` means as long as possible. */
  readonly ttl: number | null | undefined;
  run(signal: AbortSignal): Promise<ToolResult>;
  /** The caller that owns the task. By default, the session owns the task. */
  readonly caller: string | undefined;
  /** Sends the status of the task to the client when the result is available. */
  notify(task: Task): Promise<void>;
}

const HOUR_MS = 60 * 60_000;
const LONGEST_TTL_MS = 24 * HOUR_MS;
const POLL_INTERVAL_MS = 500;
/** Maximum milliseconds to wait for the task store. */
const STORE_TIMEOUT_MS = 15_000;

/** The tasks of one session. Other sessions cannot see the tasks of a session, even if they use the same store. */
export class SessionTasks {
  /** The store that the SDK uses to answer task requests. Cancelling a task cancels its calls to Slack. */
  readonly store: TaskStore;
  readonly queue: TaskMessageQueue;
  readonly #all: TaskPool;
  /**
   * The name of the session in the store. The transport's session ID is not used, because stdio has no session ID, so
   * all processes that share a store would look like one session.
   */
  readonly #name = flatString(randomUUID());
  readonly #running = new Map<string, RunningTask>();

  constructor(all: TaskPool) {
    this.#all = all;
    const inStore = <T>(act: (store: TaskStore) => Promise<T>): Promise<T> => this.#ask(({ store }) => act(store));
    const inQueue = <T>(act: (queue: TaskMessageQueue) => Promise<T>): Promise<T> =>
      this.#ask(({ queue }) => act(queue));
    this.store = {
      createTask: (params, id, request) => inStore((store) => store.createTask(params, id, request, this.#name)),
      getTask: (id) => inStore((store) => store.getTask(id, this.#name)),
      getTaskResult: (id) => inStore((store) => store.getTaskResult(id, this.#name)),
      listTasks: (cursor) => inStore((store) => store.listTasks(cursor, this.#name)),
      storeTaskResult: (id, status, result) =>
        inStore((store) => store.storeTaskResult(id, status, result, this.#name)),
      updateTaskStatus: async (id, status, message) => {
        await inStore((store) => store.updateTaskStatus(id, status, message, this.#name));
        if (status === 'cancelled') this.#running.get(id)?.end('cancelled');
      },
    };
    this.queue = {
      enqueue: (id, message, _session, max) => inQueue((queue) => queue.enqueue(id, message, this.#name, max)),
      dequeue: (id) => inQueue((queue) => queue.dequeue(id, this.#name)),
      // The SDK ignores the result, so a failure would go unhandled. Leftovers expire.
      dequeueAll: (id) => inQueue((queue) => queue.dequeueAll(id, this.#name)).catch(() => []),
    };
  }

  /**
   * Starts a call as a task.
   *
   * @throws RequestError - too many tasks are running, or the task queues are unavailable
   */
  async start(request: TaskRequest): Promise<Task> {
    const running = await this.#all.start(request.caller ?? this.#name, () => this.#begin(request));
    if (running === undefined) {
      throw new RequestError(
        'internalError',
        'Too many tasks are running, for this caller or in total. Try again when one of them has ended.',
      );
    }
    return running.task;
  }

  async #begin(request: TaskRequest): Promise<RunningTask> {
    const running = await this.#make(request);
    const { taskId } = running.task;
    this.#running.set(taskId, running);
    running.over.finally(() => this.#running.delete(taskId));
    return running;
  }

  async #make({ ttl = HOUR_MS, run, notify }: TaskRequest): Promise<RunningTask> {
    const params = { ttl: Math.min(ttl ?? LONGEST_TTL_MS, LONGEST_TTL_MS), pollInterval: POLL_INTERVAL_MS };
    // Do not store the request: it may contain message text.
    const task = await this.store.createTask(params, 0, { method: 'tools/call' });
    const { store } = await this.#all.queues();
    const onResult = (): void => {
      this.store
        .getTask(task.taskId)
        .then((done) => (done === null ? undefined : notify(done)))
        .catch(() => {});
    };
    return new RunningTask({ task, store, session: this.#name, logger: this.#all.logger, run, onResult });
  }

  /** Ends the session's tasks. After the session has ended, no client can request their results. */
  end(): void {
    for (const task of this.#running.values()) task.end('ended');
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
