import { randomUUID } from 'node:crypto';
import type { TaskMessageQueue, TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { Task } from '@modelcontextprotocol/sdk/types.js';
import { isQueueError } from '@slack-mcp/core';
import { unlessAborted } from '@slack-mcp/slack';
import type { ToolResult } from '../../tools/tool-result.ts';
import { RequestError } from '../protocol/request-error.ts';
import { RunningTask } from './running-task.ts';
import type { TaskPool } from './task-pool.ts';
import type { McpTaskQueues } from './task-queues.ts';

/** A call that is to run as a task. */
export interface TaskRequest {
  /** Milliseconds for which the client wants to find it; `null`: for ever. */
  readonly ttl: number | null | undefined;
  run(signal: AbortSignal): Promise<ToolResult>;
  /** Whose it is. Default: the session's. */
  readonly caller: string | undefined;
  /** Told of the task when its result can be had. */
  notify(task: Task): Promise<void>;
}

const HOUR_MS = 60 * 60_000;
const LONGEST_TTL_MS = 24 * HOUR_MS;
const POLL_INTERVAL_MS = 500;
/** For a store that keeps to nothing. */
const STORE_TIMEOUT_MS = 15_000;

/** The tasks of one session. Other sessions see none of them, whoever else uses the store. */
export class SessionTasks {
  /** What the SDK answers requests about tasks from. Cancelling ends the calls of Slack. */
  readonly store: TaskStore;
  readonly queue: TaskMessageQueue;
  readonly #all: TaskPool;
  /** Not the transport's: over stdio it has none, and all processes of a store would be one. */
  readonly #name = randomUUID();
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
      // The SDK does not wait for it: nobody would hear of its failure. What is left there expires.
      dequeueAll: (id) => inQueue((queue) => queue.dequeueAll(id, this.#name)).catch(() => []),
    };
  }

  /**
   * Starts a call as a task.
   *
   * @throws RequestError - too many run, or what keeps them cannot be reached
   */
  async start(request: TaskRequest): Promise<Task> {
    const running = await this.#all.start(request.caller ?? this.#name, () => this.#begin(request));
    if (running === undefined) {
      throw new RequestError(
        'internalError',
        'As many tasks are running as may, of this caller or in all. Try again when one of them has ended.',
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
    // Nothing of the request is to be stored: it may hold texts.
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

  /** The session is over: nobody can ask for what its tasks would give. */
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
      const message = 'Tasks cannot be kept or read now. Try again in a moment, or call the tool without a task.';
      throw new RequestError('internalError', message);
    }
  }
}
