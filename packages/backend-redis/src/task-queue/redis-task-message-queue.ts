import { randomUUID } from 'node:crypto';
import type { QueuedMessage, TaskMessageQueue } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { Env, Logger } from '@slack-mcp/core';
import {
  ArrivalWatcher,
  assertInteger,
  assertMaxSize,
  decodeQueuedMessage,
  encodeQueuedMessage,
  MAX_TIMER_MS,
  taskQueueFull,
  type WaitOptions,
} from '@slack-mcp/core/backend';
import { optionsFromEnv } from '../env.ts';
import { resolveOptions } from '../options.ts';
import { RetryingConnection } from '../retrying-connection.ts';
import { RedisArrivalChannel } from './arrival-channel.ts';
import { ENQUEUE, GIVE_BACK, SET_ASIDE, TAKE } from './queue-scripts.ts';
import { beside, queueKey, taskWants } from './task-keys.ts';
import { DAY_MS, type RedisTaskMessageQueueOptions } from './task-queue-options.ts';

const TAKING = 'taking task messages';

/**
 * The message queues of MCP tasks in Redis. Each task has a list, `mcp:queue:<task id>`, which all processes share.
 * Like the SDK's own queue, this class ignores the session id: the task store decides which session may see a task.
 *
 * Methods reject with a retryable `QueueError` if Redis was unavailable for longer than `timeoutMs`.
 */
export class RedisTaskMessageQueue implements TaskMessageQueue, AsyncDisposable {
  readonly #prefix: string;
  readonly #logger: Logger;
  readonly #ttlMs: number | null;
  readonly #connection: RetryingConnection;
  readonly #watcher: ArrivalWatcher;
  /** Unanswered calls, by queue. Redis may have moved messages to these calls. */
  readonly #unanswered = new Map<string, string[]>();

  /**
   * Does not connect until the queue is first used.
   *
   * @throws ConfigurationError - an option is invalid; the message names it and gives an example
   */
  constructor(options: RedisTaskMessageQueueOptions) {
    const { ttlMs = DAY_MS, recheckIntervalMs = 2_000 } = options;
    if (ttlMs !== null) assertInteger('ttlMs', ttlMs, 1);
    assertInteger('recheckIntervalMs', recheckIntervalMs, 1, MAX_TIMER_MS);
    const resolved = resolveOptions(options);
    this.#prefix = resolved.prefix;
    this.#logger = resolved.logger;
    this.#ttlMs = ttlMs;
    this.#connection = new RetryingConnection(
      resolved,
      'task-queue',
      'task message queue',
      taskWants(resolved.prefix, 'a list of task messages'),
    );
    this.#watcher = new ArrivalWatcher({
      openChannel: (listener) => new RedisArrivalChannel(resolved, listener),
      recheckIntervalMs,
      hasMessage: async (queue) => (await this.#length(queue)) > 0,
    });
  }

  /**
   * Creates a queue from the environment variables of the Redis backend.
   *
   * @param env - the environment variables; default `process.env`
   * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): RedisTaskMessageQueue {
    return new RedisTaskMessageQueue(optionsFromEnv(env, logger));
  }

  /**
   * Appends a message. Redis checks `maxSize` and appends the message in one atomic step.
   *
   * @throws QueueFullError - the queue holds `maxSize` messages
   * @throws ConfigurationError - `maxSize` is not a whole number
   * @throws SerializationError - the message cannot be represented as JSON
   */
  async enqueue(taskId: string, message: QueuedMessage, _sessionId?: string, maxSize?: number): Promise<void> {
    assertMaxSize(maxSize);
    const text = encodeQueuedMessage(message);
    const keys = this.#callKeys(queueKey(this.#prefix, taskId), randomUUID());
    const args = [this.#connection.rememberedMs, text, maxSize ?? '', this.#ttlMs ?? ''];
    if ((await this.#connection.run('queueing a task message', ENQUEUE, keys, args)) === 1) return;
    throw taskQueueFull(maxSize);
  }

  /**
   * Takes the first message. Resolves to `undefined` if the queue is empty. Moves unreadable entries out of the queue.
   */
  async dequeue(taskId: string, _sessionId?: string): Promise<QueuedMessage | undefined> {
    const queue = queueKey(this.#prefix, taskId);
    for (;;) {
      const [entry] = await this.#take(queue, 'first');
      if (entry === undefined) return undefined;
      const message = this.#decode(entry) ?? (await this.#setAside(queue, entry));
      if (message !== undefined) return message;
    }
  }

  /** Takes all messages in one step. */
  async dequeueAll(taskId: string, _sessionId?: string): Promise<QueuedMessage[]> {
    const queue = queueKey(this.#prefix, taskId);
    const entries = await this.#take(queue, 'all');
    const messages = entries.map((entry) => this.#decode(entry) ?? this.#setAside(queue, entry));
    return (await Promise.all(messages)).filter((message) => message !== undefined);
  }

  /** Takes all messages, like {@link dequeueAll}. The MCP SDK for Python uses the name `clear`. */
  clear(taskId: string): Promise<QueuedMessage[]> {
    return this.dequeueAll(taskId);
  }

  /** Returns the message that {@link dequeue} would take, and leaves it in the queue. */
  async peek(taskId: string): Promise<QueuedMessage | undefined> {
    const queue = queueKey(this.#prefix, taskId);
    for (let index = 0; ; index += 1) {
      const entry = await this.#connection.call('reading a task message', 'LINDEX', queue, index);
      if (entry === null) return undefined;
      const message = this.#decode(entry as string);
      if (message !== undefined) return message;
    }
  }

  async isEmpty(taskId: string): Promise<boolean> {
    return (await this.size(taskId)) === 0;
  }

  /** Returns the number of entries in the queue, including unreadable entries. */
  size(taskId: string): Promise<number> {
    return this.#length(queueKey(this.#prefix, taskId));
  }

  /**
   * Waits until any process adds a message to the queue. Resolves to `true` (at once if a message is already in the
   * queue), or to `false` after `timeoutMs`. Does not remove the message: if several callers wait, one caller can take
   * the message and the others must wait again. Keeps waiting during outages of Redis.
   *
   * @throws the signal's reason - the signal is aborted
   * @throws QueueClosedError - the queue is closed
   */
  waitForMessage(taskId: string, options: WaitOptions = {}): Promise<boolean> {
    return this.#watcher.wait(queueKey(this.#prefix, taskId), options);
  }

  /** Closes the connections. Pending calls reject with `QueueClosedError`. The messages stay in Redis. */
  async close(): Promise<void> {
    this.#watcher.close();
    this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #length(queue: string): Promise<number> {
    return (await this.#connection.call('reading the length of a task queue', 'LLEN', queue)) as number;
  }

  async #take(queue: string, amount: 'first' | 'all'): Promise<string[]> {
    await this.#giveBack(queue);
    const call = randomUUID();
    const keys = this.#callKeys(queue, call);
    try {
      // Until it is known whether the messages arrived, keep them as long as the queue itself.
      const lifeMs = Math.max(this.#ttlMs ?? DAY_MS, this.#connection.rememberedMs);
      const taken = (await this.#connection.run(TAKING, TAKE, keys, [lifeMs, amount])) as string[];
      if (taken.length > 0) this.#arrived(keys[1]);
      return taken;
    } catch (error) {
      this.#remember(queue, [call]);
      throw error;
    }
  }

  /**
   * Confirms in the background that the messages of a call have arrived. If the confirmation fails, Redis only keeps
   * the taken messages for longer.
   */
  #arrived(call: string): void {
    this.#connection.call(TAKING, 'PEXPIRE', call, this.#connection.rememberedMs).catch(() => undefined);
  }

  /** Returns the messages of unanswered calls to the front of the queue. */
  async #giveBack(queue: string): Promise<void> {
    const calls = this.#unanswered.get(queue) ?? [];
    this.#unanswered.delete(queue);
    try {
      for (let call = calls.at(-1); call !== undefined; call = calls.at(-1)) {
        await this.#connection.run(TAKING, GIVE_BACK, this.#callKeys(queue, call), [
          this.#connection.rememberedMs,
          this.#ttlMs ?? '',
        ]);
        calls.pop();
      }
    } finally {
      this.#remember(queue, calls);
    }
  }

  #remember(queue: string, calls: readonly string[]): void {
    if (calls.length > 0) this.#unanswered.set(queue, [...calls, ...(this.#unanswered.get(queue) ?? [])]);
  }

  #decode(entry: string): QueuedMessage | undefined {
    try {
      return decodeQueuedMessage(entry) as QueuedMessage;
    } catch {
      return undefined;
    }
  }

  async #setAside(queue: string, entry: string): Promise<undefined> {
    const aside = beside(queue, 'unreadable');
    this.#logger.warn({ queue, aside, bytes: Buffer.byteLength(entry) }, 'task_message_unreadable');
    try {
      await this.#connection.run('setting a task message aside', SET_ASIDE, [aside], [entry, this.#ttlMs ?? DAY_MS]);
    } catch (err) {
      this.#logger.error({ queue, err }, 'task_message_unreadable_lost');
    }
  }

  #callKeys(queue: string, call: string): [queue: string, call: string] {
    return [queue, beside(queue, `call:${call}`)];
  }
}
