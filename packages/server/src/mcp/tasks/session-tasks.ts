import { randomUUID } from 'node:crypto';
import type { TaskMessageQueue, TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { Result, Task } from '@modelcontextprotocol/sdk/types.js';
import { isQueueError } from '@slack-mcp/core';
import { unlessAborted } from '@slack-mcp/slack';
import { type ToolResult, toolFailure } from '../../tools/tool-result.ts';
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

/** The caller of requests without a session; undefined without authentication. */
export interface TaskOwner {
  readonly caller: string | undefined;
}

/**
 * The tasks of one session, or of a caller without a session. Others cannot see them, even if they use the same store.
 * Callers without authentication all look the same: each can read a task whose id it knows, and none can list tasks.
 */
export class SessionTasks {
  /** The store that the SDK uses to answer task requests. Cancelling a task cancels its calls to Slack. */
  readonly store: TaskStore;
  readonly queue: TaskMessageQueue;
  readonly #all: TaskPool;
  /**
   * The name of the session or caller in the store. The transport's session ID is not used, because stdio has no session
   * ID, so all processes that share a store would look like one session.
   */
  readonly #name: string;
  readonly #owner: TaskOwner | undefined;
  readonly #running = new Map<string, RunningTask>();

  /** @param owner - the caller, if its requests belong to no session */
  constructor(all: TaskPool, owner?: TaskOwner) {
    this.#all = all;
    this.#owner = owner;
    this.#name = owner === undefined ? flatString(randomUUID()) : ownerName(owner);
    const inStore = <T>(act: (store: TaskStore) => Promise<T>): Promise<T> => this.#ask(({ store }) => act(store));
    const inQueue = <T>(act: (queue: TaskMessageQueue) => Promise<T>): Promise<T> =>
      this.#ask(({ queue }) => act(queue));
    this.store = {
      createTask: (params, id, request) => inStore((store) => store.createTask(params, id, request, this.#name)),
      getTask: (id) => inStore((store) => this.#read(store, id)),
      getTaskResult: (id) => inStore((store) => store.getTaskResult(id, this.#name)),
      listTasks: async (cursor) => {
        if (this.#owner !== undefined && this.#owner.caller === undefined) return { tasks: [] };
        return inStore((store) => store.listTasks(cursor, this.#name));
      },
      storeTaskResult: (id, status, result) =>
        inStore((store) => store.storeTaskResult(id, status, result, this.#name)),
      updateTaskStatus: async (id, status, message) => {
        await inStore((store) => store.updateTaskStatus(id, status, message, this.#name));
        if (status === 'cancelled') this.#all.running(id)?.end('cancelled');
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
    const isShared = this.#owner !== undefined;
    return new RunningTask({ task, store, session: this.#name, isShared, logger: this.#all.logger, run, onResult });
  }

  /**
   * Returns a task. If the process that ran a caller's task has died, the task is stored as failed, because no other
   * process would end it.
   */
  async #read(store: TaskStore, id: string): Promise<Task | null> {
    const task = await store.getTask(id, this.#name);
    const isQuiet = task?.status === 'working' && Date.now() - Date.parse(task.lastUpdatedAt) > this.#all.lostAfterMs;
    if (this.#owner === undefined || !isQuiet || this.#all.running(id) !== undefined) return task;
    // Another process may store the outcome at the same moment. The first one counts.
    await store.storeTaskResult(id, 'failed', LOST as Result, this.#name).catch(() => {});
    return store.getTask(id, this.#name);
  }

  /**
   * Ends the session's tasks. After the session has ended, no client can request their results. Tasks of a caller
   * without a session keep running.
   */
  end(): void {
    if (this.#owner !== undefined) return;
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

function ownerName({ caller }: TaskOwner): string {
  return caller === undefined ? 'anyone' : `caller ${caller}`;
}

const LOST: ToolResult = toolFailure({
  code: 'task_ended',
  message: 'The server that ran the task ended before the task was done. Call the tool again.',
  details: {},
});
