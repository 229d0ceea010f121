import type { QueuedMessage, TaskMessageQueue } from '@modelcontextprotocol/sdk/experimental/tasks';
import { ConfigurationError, type Env, type Logger, QueueClosedError, SerializationError } from '@slack-mcp/core';
import { assertMaxSize, taskQueueFull, type WaitOptions } from '@slack-mcp/core/backend';
import { ArrivalWaiters } from './arrival-waiters.ts';

/** Options of `MemoryTaskMessageQueue`. */
export interface MemoryTaskMessageQueueOptions {
  /**
   * Milliseconds after the last `enqueue` until a queue expires, or `null` to keep queues forever. Default 86400000 (a
   * day).
   */
  ttlMs?: number | null;
}

interface TaskQueue {
  /** The queued messages, encoded as JSON. */
  readonly messages: string[];
  readonly expiresAt: number;
}

/**
 * The message queues of MCP tasks in the memory of this process. Like the queue of the MCP SDK, this queue ignores the
 * session; the task store decides which session may see a task. Messages are copies, as with a broker.
 */
export class MemoryTaskMessageQueue implements TaskMessageQueue, AsyncDisposable {
  readonly #ttlMs: number;
  /** The queues of all tasks, in the order of expiry. Empty queues are removed. */
  readonly #queues = new Map<string, TaskQueue>();
  readonly #waiters = new ArrivalWaiters();
  #closed = false;

  /** @throws ConfigurationError - an option is invalid; the message names it and gives an example */
  constructor({ ttlMs = 86_400_000 }: MemoryTaskMessageQueueOptions = {}) {
    if (ttlMs !== null && !(Number.isSafeInteger(ttlMs) && ttlMs >= 1)) {
      throw new ConfigurationError(
        `ttlMs is ${ttlMs}: use an integer of at least 1, or null (for example { ttlMs: 60000 })`,
      );
    }
    this.#ttlMs = ttlMs ?? Number.POSITIVE_INFINITY;
  }

  /** Creates a queue without reading environment variables, with the same signature as `fromEnv` of other backends. */
  static fromEnv(_env?: Env, _options?: { logger?: Logger }): MemoryTaskMessageQueue {
    return new MemoryTaskMessageQueue();
  }

  /**
   * Appends a message.
   *
   * @throws QueueFullError - the queue contains `maxSize` messages
   * @throws SerializationError - the message cannot be represented as JSON
   */
  async enqueue(taskId: string, message: QueuedMessage, _sessionId?: string, maxSize?: number): Promise<void> {
    this.#open();
    assertMaxSize(maxSize);
    const text = encode(message);
    const messages = this.#queues.get(taskId)?.messages ?? [];
    if (maxSize !== undefined && messages.length >= maxSize) {
      throw taskQueueFull(maxSize);
    }
    messages.push(text);
    this.#queues.delete(taskId);
    this.#queues.set(taskId, { messages, expiresAt: performance.now() + this.#ttlMs });
    this.#waiters.wake(taskId);
  }

  /** Removes and returns the first message, or returns `undefined` if the queue is empty. */
  async dequeue(taskId: string, _sessionId?: string): Promise<QueuedMessage | undefined> {
    this.#open();
    const messages = this.#queues.get(taskId)?.messages ?? [];
    const first = messages.shift();
    if (messages.length === 0) this.#queues.delete(taskId);
    return first === undefined ? undefined : decode(first);
  }

  /** Removes and returns all messages. */
  async dequeueAll(taskId: string, _sessionId?: string): Promise<QueuedMessage[]> {
    this.#open();
    const messages = this.#queues.get(taskId)?.messages ?? [];
    this.#queues.delete(taskId);
    return messages.map(decode);
  }

  /**
   * Removes and returns all messages, like {@link dequeueAll}. The MCP SDK for Python uses the name `clear`.
   */
  clear(taskId: string): Promise<QueuedMessage[]> {
    return this.dequeueAll(taskId);
  }

  /** Returns the message that {@link dequeue} would return, without removing it. */
  async peek(taskId: string): Promise<QueuedMessage | undefined> {
    this.#open();
    const first = this.#queues.get(taskId)?.messages[0];
    return first === undefined ? undefined : decode(first);
  }

  async isEmpty(taskId: string): Promise<boolean> {
    return (await this.size(taskId)) === 0;
  }

  async size(taskId: string): Promise<number> {
    this.#open();
    return this.#queues.get(taskId)?.messages.length ?? 0;
  }

  /**
   * Waits until the queue contains a message. Resolves with `true`, or with `false` after `timeoutMs`. Does not remove
   * the message: if several callers wait, only one of them can dequeue it, and the other callers must wait again.
   *
   * @throws the `reason` of the signal, if the signal is aborted
   * @throws QueueClosedError - the queue is closed
   */
  async waitForMessage(taskId: string, options: WaitOptions = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    this.#open();
    return this.#queues.has(taskId) || this.#waiters.wait(taskId, options);
  }

  /** Drops all messages. Calls that wait for a message reject with `QueueClosedError`. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#queues.clear();
    this.#waiters.rejectAll(closed());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Checks that the queue is open and drops expired queues. */
  #open(): void {
    if (this.#closed) throw closed();
    for (const [taskId, { expiresAt }] of this.#queues) {
      if (expiresAt > performance.now()) return;
      this.#queues.delete(taskId);
    }
  }
}

function closed(): QueueClosedError {
  return new QueueClosedError('the task message queue is closed: create a new one');
}

function encode(message: QueuedMessage): string {
  try {
    return JSON.stringify(message);
  } catch (cause) {
    throw new SerializationError('the task message cannot be represented as JSON: remove cycles and BigInts', {
      cause,
    });
  }
}

function decode(text: string): QueuedMessage {
  return JSON.parse(text) as QueuedMessage;
}
