import { randomBytes } from 'node:crypto';
import type { CreateTaskOptions, TaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { Request, RequestId, Result, Task } from '@modelcontextprotocol/sdk/types.js';
import { ConfigurationError, QueueClosedError, QueueFullError, SerializationError } from '@slack-mcp/core';

/** Options of `MemoryTaskStore`. */
export interface MemoryTaskStoreOptions {
  /** Default time to live of a task in milliseconds, or `null` for no limit. Default 86400000 (a day). */
  defaultTtlMs?: number | null;
  /**
   * Maximum number of tasks. At the limit, the store deletes the oldest ended tasks of the session with the most tasks.
   * Default 1000.
   */
  maxTasks?: number;
  /**
   * Maximum size of all results in bytes of JSON. At the limit, the store deletes the oldest results of the session
   * with the most results. Default 67108864 (64 MiB).
   */
  maxResultBytes?: number;
  /** Poll interval in milliseconds that the store suggests to clients. Default 1000. */
  pollIntervalMs?: number;
}

interface StoredTask {
  task: Task;
  readonly sessionId: string | undefined;
  /** The time of expiry, on the clock of `performance.now()`. */
  expiresAt: number;
  /** The result, encoded as JSON. */
  result?: string;
  /** Size of the result in bytes of JSON. */
  bytes: number;
}

const PAGE = 10;
const FINAL: ReadonlySet<string> = new Set<Task['status']>(['completed', 'failed', 'cancelled']);

/**
 * Stores MCP tasks and their results in the memory of this process, within limits. At a limit, the store deletes tasks
 * of the session that uses the most space, so that a session cannot displace the results of a session that uses less.
 * As with `RedisTaskStore`, a final status cannot change, a task of a session is visible to that session and to calls
 * without a session, and the time to live restarts when the task ends. Results are copies.
 */
export class MemoryTaskStore implements TaskStore, AsyncDisposable {
  readonly #options: Required<MemoryTaskStoreOptions>;
  /** All tasks, in the order of creation. */
  readonly #tasks = new Map<string, StoredTask>();
  #resultBytes = 0;
  #closed = false;

  /** @throws ConfigurationError - an option is invalid; the message names it and gives an example */
  constructor(options: MemoryTaskStoreOptions = {}) {
    const { defaultTtlMs = 86_400_000, maxTasks = 1_000, maxResultBytes = 64 * 1024 * 1024 } = options;
    const { pollIntervalMs = 1_000 } = options;
    this.#options = { defaultTtlMs, maxTasks, maxResultBytes, pollIntervalMs };
    for (const [name, value] of Object.entries(this.#options)) {
      if (value === null || (Number.isSafeInteger(value) && value >= 1)) continue;
      throw new ConfigurationError(`${name} is ${value}: use an integer of at least 1 (for example { ${name}: 1000 })`);
    }
  }

  /**
   * Creates a task with status `working` and an id that cannot be guessed.
   *
   * @throws QueueFullError - the maximum number of tasks is reached, and none of them has ended
   */
  async createTask(
    { ttl: requestedTtl, pollInterval = this.#options.pollIntervalMs }: CreateTaskOptions,
    _requestId: RequestId,
    _request: Request,
    sessionId?: string,
  ): Promise<Task> {
    this.#open();
    this.#makeRoom();
    const ttl = requestedTtl === undefined ? this.#options.defaultTtlMs : requestedTtl;
    const createdAt = new Date().toISOString();
    const taskId = randomBytes(16).toString('hex');
    const task: Task = { taskId, status: 'working', ttl, createdAt, lastUpdatedAt: createdAt, pollInterval };
    this.#tasks.set(taskId, { task, sessionId, expiresAt: expiryOf(ttl), bytes: 0 });
    return { ...task };
  }

  /** Returns the task, or `null` if this session has no such task. */
  async getTask(taskId: string, sessionId?: string): Promise<Task | null> {
    const stored = this.#find(taskId, sessionId);
    return stored === undefined ? null : { ...stored.task };
  }

  /**
   * Ends a task and stores its result.
   *
   * @throws Error - the task is not found, or has already ended
   * @throws SerializationError - the result cannot be represented as JSON
   */
  async storeTaskResult(
    taskId: string,
    status: 'completed' | 'failed',
    result: Result,
    sessionId?: string,
  ): Promise<void> {
    const stored = this.#unfinished(taskId, sessionId);
    const text = encode(result);
    update(stored, { status });
    stored.result = text;
    stored.bytes = Buffer.byteLength(text);
    this.#resultBytes += stored.bytes;
    while (this.#resultBytes > this.#options.maxResultBytes && this.#resultBytes > stored.bytes) {
      this.#deleteOldest(
        ({ bytes }) => bytes > 0,
        ({ bytes }) => bytes,
      );
    }
  }

  /**
   * Returns the result that {@link storeTaskResult} stored.
   *
   * @throws Error - the task is not found or has no result
   */
  async getTaskResult(taskId: string, sessionId?: string): Promise<Result> {
    const stored = this.#find(taskId, sessionId);
    if (stored === undefined) throw notFound(taskId);
    if (stored.result === undefined)
      throw new Error(`Task ${taskId} has no result stored: wait until the task has ended`);
    return JSON.parse(stored.result) as Result;
  }

  /**
   * Changes the status of a task. Without a `statusMessage`, keeps the previous message.
   *
   * @throws Error - the task is not found, or has already ended
   */
  async updateTaskStatus(
    taskId: string,
    status: Task['status'],
    statusMessage?: string,
    sessionId?: string,
  ): Promise<void> {
    update(this.#unfinished(taskId, sessionId), { status, ...(statusMessage && { statusMessage }) });
  }

  /**
   * Lists tasks in the order of creation, ten per page. With a session id, lists the tasks of this session and tasks
   * without a session; without a session id, lists all tasks.
   *
   * @throws Error - the cursor is not valid
   */
  async listTasks(cursor?: string, sessionId?: string): Promise<{ tasks: Task[]; nextCursor?: string }> {
    const ids = [...this.#tasks.keys()].filter((taskId) => this.#find(taskId, sessionId) !== undefined);
    const start = cursor === undefined ? 0 : ids.indexOf(cursor) + 1;
    if (cursor !== undefined && start === 0)
      throw new Error('Invalid cursor: pass the nextCursor of the previous page unchanged');
    const page = ids.slice(start, start + PAGE);
    const tasks = page.flatMap((taskId) => this.#tasks.get(taskId)?.task ?? []).map((task) => ({ ...task }));
    const nextCursor = page.at(-1);
    return { tasks, ...(start + PAGE < ids.length && nextCursor !== undefined && { nextCursor }) };
  }

  /** Drops all tasks. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#tasks.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(): void {
    if (this.#closed) throw new QueueClosedError('the task store is closed: create a new one');
  }

  #find(taskId: string, sessionId: string | undefined): StoredTask | undefined {
    this.#open();
    const stored = this.#tasks.get(taskId);
    if (stored === undefined) return undefined;
    if (stored.expiresAt <= performance.now()) {
      this.#delete(taskId);
      return undefined;
    }
    const foreign = sessionId !== undefined && stored.sessionId !== undefined && stored.sessionId !== sessionId;
    return foreign ? undefined : stored;
  }

  #unfinished(taskId: string, sessionId: string | undefined): StoredTask {
    const stored = this.#find(taskId, sessionId);
    if (stored === undefined) throw notFound(taskId);
    if (!FINAL.has(stored.task.status)) return stored;
    throw new Error(`Task ${taskId} cannot change: it already has the terminal status '${stored.task.status}'`);
  }

  #makeRoom(): void {
    const now = performance.now();
    for (const [taskId, { expiresAt }] of this.#tasks) if (expiresAt <= now) this.#delete(taskId);
    if (this.#tasks.size < this.#options.maxTasks) return;
    const deleted = this.#deleteOldest(
      ({ task }) => FINAL.has(task.status),
      () => 1,
    );
    if (!deleted)
      throw new QueueFullError(
        `the maximum number of tasks is running (${this.#tasks.size}): wait until a task ends, or raise maxTasks`,
      );
  }

  /**
   * Deletes the oldest deletable task of the session that uses the most space. Ignores sessions without a deletable
   * task.
   */
  #deleteOldest(mayGo: (stored: StoredTask) => boolean, sizeOf: (stored: StoredTask) => number): boolean {
    const sessions = new Map<string | undefined, { size: number; oldest: StoredTask | undefined }>();
    for (const stored of this.#tasks.values()) {
      const session = sessions.get(stored.sessionId) ?? { size: 0, oldest: undefined };
      session.size += sizeOf(stored);
      session.oldest ??= mayGo(stored) ? stored : undefined;
      sessions.set(stored.sessionId, session);
    }
    let most = 0;
    let chosen: StoredTask | undefined;
    for (const { size, oldest } of sessions.values()) {
      if (oldest === undefined || size <= most) continue;
      most = size;
      chosen = oldest;
    }
    if (chosen !== undefined) this.#delete(chosen.task.taskId);
    return chosen !== undefined;
  }

  #delete(taskId: string): void {
    this.#resultBytes -= this.#tasks.get(taskId)?.bytes ?? 0;
    this.#tasks.delete(taskId);
  }
}

function update(stored: StoredTask, change: Partial<Task> & Pick<Task, 'status'>): void {
  stored.task = { ...stored.task, ...change, lastUpdatedAt: new Date().toISOString() };
  if (FINAL.has(change.status)) stored.expiresAt = expiryOf(stored.task.ttl);
}

function expiryOf(ttl: number | null): number {
  return ttl === null ? Number.POSITIVE_INFINITY : performance.now() + ttl;
}

function encode(result: Result): string {
  try {
    return JSON.stringify(result);
  } catch (cause) {
    throw new SerializationError('the result of the task cannot be represented as JSON: remove cycles and BigInts', {
      cause,
    });
  }
}

function notFound(taskId: string): Error {
  return new Error(`Task ${taskId} not found: it has expired, was never created, or belongs to another session`);
}
