import { randomUUID } from 'node:crypto';
import type { Task } from '@modelcontextprotocol/sdk/types.js';
import type { ToolResult } from '../../tools/tool-result.ts';
import { flatString } from '../flat-string.ts';
import { RequestError } from '../protocol/request-error.ts';
import { RunningTask } from './running-task.ts';
import { StoredTasks, type TaskOwner } from './stored-tasks.ts';
import type { TaskPool } from './task-pool.ts';

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

/**
 * The tasks of one session, or of a caller without a session. Others cannot see them, even if they use the same store.
 * Callers without authentication all look the same: each can read a task whose id it knows, and none can list tasks.
 */
export class SessionTasks {
  /** The store and the queue of messages that the SDK uses to answer task requests. */
  readonly store: StoredTasks;
  readonly #all: TaskPool;
  readonly #owner: TaskOwner | undefined;
  /** Undefined before the first task. */
  #running: Map<string, RunningTask> | undefined;

  /** @param owner - the caller, if its requests belong to no session */
  constructor(all: TaskPool, owner?: TaskOwner) {
    this.#all = all;
    this.#owner = owner;
    // Not the transport's session ID: stdio has none, so all processes that share a store would look like one session.
    this.store = new StoredTasks(all, owner === undefined ? flatString(randomUUID()) : ownerName(owner), owner);
  }

  /**
   * Starts a call as a task.
   *
   * @throws RequestError - too many tasks are running, or the task queues are unavailable
   */
  async start(request: TaskRequest): Promise<Task> {
    const running = await this.#all.start(request.caller ?? this.store.name, () => this.#begin(request));
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
    this.#running ??= new Map();
    this.#running.set(taskId, running);
    running.over.finally(() => this.#running?.delete(taskId));
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
    return new RunningTask({
      task,
      store,
      session: this.store.name,
      isShared,
      logger: this.#all.logger,
      run,
      onResult,
    });
  }

  /**
   * Ends the session's tasks. After the session has ended, no client can request their results. Tasks of a caller
   * without a session keep running.
   */
  end(): void {
    if (this.#owner !== undefined) return;
    for (const task of this.#running?.values() ?? []) task.end('ended');
  }
}

function ownerName({ caller }: TaskOwner): string {
  return caller === undefined ? 'anyone' : `caller ${caller}`;
}
