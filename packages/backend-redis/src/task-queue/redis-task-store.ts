import { randomBytes, randomUUID } from 'node:crypto';
import type { CreateTaskOptions, TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { Request, RequestId, Result, Task } from '@modelcontextprotocol/sdk/types.js';
import { type Env, type Logger, SerializationError } from '@slack-mcp/core';
import { assertInteger } from '@slack-mcp/core/backend';
import { optionsFromEnv } from '../env.ts';
import { resolveOptions } from '../options.ts';
import { RetryingConnection } from '../retrying-connection.ts';
import { CREATE_TASK, UPDATE_TASK } from './store-scripts.ts';
import { TaskIndex } from './task-index.ts';
import { beside, sessionDigest, taskKey, taskWants } from './task-keys.ts';
import { DAY_MS, type RedisTaskStoreOptions } from './task-queue-options.ts';
import { decodeTask, encodeTask, TASK_FIELDS, type TaskRecord } from './task-record.ts';

/**
 * The state and results of MCP tasks in Redis. Each task has a hash, `mcp:task:<task id>`, which all processes share.
 *
 * A final state does not change: if several calls complete, fail or cancel a task at the same time, one succeeds and
 * the others throw. A task created with a session is visible to that session and to calls without a session, but not to
 * other sessions. The time to live of a task restarts when the task reaches a final state. The request that created the
 * task is not stored.
 *
 * Methods reject with a retryable `QueueError` if Redis was unavailable for longer than `timeoutMs`.
 */
export class RedisTaskStore implements TaskStore, AsyncDisposable {
  readonly #prefix: string;
  readonly #defaultTtlMs: number | null;
  readonly #maxTtlMs: number;
  readonly #pollIntervalMs: number;
  readonly #connection: RetryingConnection;
  readonly #index: TaskIndex;

  /**
   * Does not connect until the store is first used.
   *
   * @throws ConfigurationError - an option is invalid; the message names it and gives an example
   */
  constructor(options: RedisTaskStoreOptions) {
    const { defaultTtlMs = DAY_MS, maxTtlMs = 30 * DAY_MS, pollIntervalMs = 1_000 } = options;
    if (defaultTtlMs !== null) assertInteger('defaultTtlMs', defaultTtlMs, 1);
    assertInteger('maxTtlMs', maxTtlMs, 1);
    assertInteger('pollIntervalMs', pollIntervalMs, 1);
    const resolved = resolveOptions(options);
    this.#prefix = resolved.prefix;
    this.#defaultTtlMs = defaultTtlMs;
    this.#maxTtlMs = maxTtlMs;
    this.#pollIntervalMs = pollIntervalMs;
    this.#connection = new RetryingConnection(
      resolved,
      'task-store',
      'task store',
      taskWants(resolved.prefix, 'a task or the order of tasks'),
    );
    this.#index = new TaskIndex(this.#connection, resolved.prefix);
  }

  /**
   * Creates a store from the environment variables of the Redis backend.
   *
   * @param env - the environment variables; default `process.env`
   * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): RedisTaskStore {
    return new RedisTaskStore(optionsFromEnv(env, logger));
  }

  /**
   * Creates a task with status `working` and an id that cannot be guessed. The time to live of the task is limited to
   * `maxTtlMs`.
   *
   * @throws ConfigurationError - `ttl` or `pollInterval` is not a whole number of milliseconds
   */
  async createTask(
    { ttl: requestedTtl, pollInterval = this.#pollIntervalMs }: CreateTaskOptions,
    _requestId: RequestId,
    _request: Request,
    sessionId?: string,
  ): Promise<Task> {
    if (requestedTtl !== undefined && requestedTtl !== null) assertInteger('ttl', requestedTtl, 1);
    assertInteger('pollInterval', pollInterval, 1);
    const taskId = randomBytes(16).toString('hex');
    const session = sessionDigest(sessionId);
    const ttl = this.#ttl(requestedTtl);
    const createdAt = await this.#index.add(taskId, session, ttl);
    const task: Task = { taskId, status: 'working', ttl, createdAt, lastUpdatedAt: createdAt, pollInterval };
    const args = [ttl ?? '', ...encodeTask(task, session)];
    await this.#connection.run('creating a task', CREATE_TASK, [taskKey(this.#prefix, taskId)], args);
    return task;
  }

  /** Returns the task, or `null` if the session has no such task. */
  async getTask(taskId: string, sessionId?: string): Promise<Task | null> {
    const values = await this.#read(taskId, TASK_FIELDS);
    return visible(decodeTask(taskId, values), sessionId)?.task ?? null;
  }

  /**
   * Ends a task with its result.
   *
   * @throws Error - the task does not exist or is in a final state
   * @throws SerializationError - the result cannot be represented as JSON
   */
  async storeTaskResult(
    taskId: string,
    status: 'completed' | 'failed',
    result: Result,
    sessionId?: string,
  ): Promise<void> {
    const outcome = await this.#update(taskId, { status, result: encodeResult(taskId, result) }, sessionId);
    if (outcome === 'ok') return;
    throw new Error(
      `Cannot store result for task ${taskId} in terminal status '${outcome}'. Task results can only be stored once.`,
    );
  }

  /**
   * Returns the result that {@link storeTaskResult} stored.
   *
   * @throws Error - the task does not exist or has no result
   */
  async getTaskResult(taskId: string, sessionId?: string): Promise<Result> {
    const [result, ...values] = await this.#read(taskId, ['result', ...TASK_FIELDS]);
    if (visible(decodeTask(taskId, values), sessionId) === undefined) throw notFound(taskId);
    if (!result) throw new Error(`Task ${taskId} has no result stored: wait until the task has ended`);
    return JSON.parse(result) as Result;
  }

  /**
   * Changes the status of a task. Without `statusMessage`, the previous status message is kept.
   *
   * @throws Error - the task does not exist or is in a final state
   */
  async updateTaskStatus(
    taskId: string,
    status: Task['status'],
    statusMessage?: string,
    sessionId?: string,
  ): Promise<void> {
    const outcome = await this.#update(taskId, { status, ...(statusMessage && { statusMessage }) }, sessionId);
    if (outcome === 'ok') return;
    throw new Error(
      `Cannot update task ${taskId} from terminal status '${outcome}' to '${status}'. Terminal states (completed, failed, cancelled) cannot transition to other states.`,
    );
  }

  /**
   * Lists tasks in order of creation, ten per page: the tasks of the session and tasks without a session, or all tasks
   * if no session is given.
   *
   * @throws Error - the cursor is not from a previous page
   */
  async listTasks(cursor?: string, sessionId?: string): Promise<{ tasks: Task[]; nextCursor?: string }> {
    const session = sessionDigest(sessionId);
    const { found, nextCursor } = await this.#index.page(cursor, session, (taskId) => this.getTask(taskId, sessionId));
    return { tasks: found, ...(nextCursor !== undefined && { nextCursor }) };
  }

  /** Closes the connection. Pending calls reject with `QueueClosedError`. The tasks stay in Redis. */
  async close(): Promise<void> {
    this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #ttl(requested: number | null | undefined): number | null {
    const ttl = requested === undefined ? this.#defaultTtlMs : requested;
    return ttl === null ? null : Math.min(ttl, this.#maxTtlMs);
  }

  async #read(taskId: string, fields: readonly string[]): Promise<(string | null)[]> {
    const key = taskKey(this.#prefix, taskId);
    return (await this.#connection.call('reading a task', 'HMGET', key, ...fields)) as (string | null)[];
  }

  async #update(
    taskId: string,
    { status, ...changes }: { status: Task['status']; statusMessage?: string; result?: string },
    sessionId: string | undefined,
  ): Promise<string> {
    const key = taskKey(this.#prefix, taskId);
    const keys = [key, beside(key, `call:${randomUUID()}`)];
    // The script expects the status first.
    const fields = Object.entries({ status, lastUpdatedAt: new Date().toISOString(), ...changes }).flat();
    const args = [this.#connection.rememberedMs, sessionDigest(sessionId), ...fields];
    const outcome = (await this.#connection.run('updating a task', UPDATE_TASK, keys, args)) as string;
    if (outcome === '') throw notFound(taskId);
    return outcome;
  }
}

function visible(record: TaskRecord | undefined, sessionId: string | undefined): TaskRecord | undefined {
  if (sessionId === undefined || record?.session === undefined) return record;
  return record.session === sessionDigest(sessionId) ? record : undefined;
}

function notFound(taskId: string): Error {
  return new Error(
    `Task with ID ${taskId} not found: it has expired, was never created, or belongs to another session`,
  );
}

function encodeResult(taskId: string, result: Result): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(result);
  } catch (cause) {
    throw new SerializationError(`the result of task ${taskId} cannot be represented as JSON: use only JSON values`, {
      cause,
    });
  }
  if (text === undefined)
    throw new SerializationError(`the result of task ${taskId} cannot be represented as JSON: use only JSON values`);
  return text;
}
