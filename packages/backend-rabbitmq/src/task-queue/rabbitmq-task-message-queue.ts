import type { QueuedMessage, TaskMessageQueue } from '@modelcontextprotocol/sdk/experimental/tasks';
import type { Env, Logger } from '@slack-mcp/core';
import { ArrivalWatcher, assertMaxSize, encodeQueuedMessage, pause, type WaitOptions } from '@slack-mcp/core/backend';
import { optionsFromEnv } from '../env.ts';
import { ArrivalAnnouncer } from './arrival-announcer.ts';
import { RabbitMQArrivalChannel } from './arrival-channel.ts';
import { BoundedSender } from './bounded-sender.ts';
import { MessageSender } from './message-sender.ts';
import { QueueLock } from './queue-lock.ts';
import { QueueReader } from './queue-reader.ts';
import { TaskConnection } from './task-connection.ts';
import { TaskNames } from './task-names.ts';
import { type RabbitMQTaskMessageQueueOptions, resolveTaskQueueOptions } from './task-queue-options.ts';
import { UsedQueues } from './used-queues.ts';

/** Maximum milliseconds between two searches for queues to remove. */
const SWEEP_MS = 1_000;
/** Milliseconds that `close` waits for the removal of empty queues. */
const GOODBYE_MS = 2_000;

/**
 * The message queues of MCP tasks in RabbitMQ. Each task has a durable queue, `mcp:queue:<task id>`, which all
 * processes share, including programs with the Python package `rabbitmq-mcp-task-queue`. Like the SDK's own queue, this
 * class ignores the session id: the task store decides which session may see a task.
 *
 * Methods reject with a retryable `QueueError` if RabbitMQ was unavailable for longer than `timeoutMs`.
 */
export class RabbitMQTaskMessageQueue implements TaskMessageQueue, AsyncDisposable {
  readonly #names: TaskNames;
  readonly #connection: TaskConnection;
  readonly #used = new UsedQueues();
  readonly #sender: MessageSender;
  readonly #boundedSender: BoundedSender;
  readonly #announcer: ArrivalAnnouncer;
  readonly #reader: QueueReader;
  readonly #watcher: ArrivalWatcher;
  readonly #sweeping: NodeJS.Timeout;
  #closing: Promise<void> | undefined;

  /**
   * Does not connect until the queue is first used.
   *
   * @param options - the options, or the URL as a string
   * @throws ConfigurationError - an option is invalid; the message names it and gives an example
   */
  constructor(options: string | RabbitMQTaskMessageQueueOptions = 'amqp://localhost:5672') {
    const { broker, ttlMs, idleMs, recheckIntervalMs } = resolveTaskQueueOptions(options);
    const { logger, prefix } = broker;
    const names = new TaskNames(prefix);
    const connection = new TaskConnection(broker);
    const lock = new QueueLock(connection, names);
    const sender = new MessageSender(connection, names, this.#used, ttlMs);
    const reader = new QueueReader({ connection, sender, lock, used: this.#used, logger });
    this.#names = names;
    this.#connection = connection;
    this.#sender = sender;
    this.#reader = reader;
    this.#boundedSender = new BoundedSender(connection, sender, lock, (queue) => reader.held(queue));
    this.#announcer = new ArrivalAnnouncer(connection, names, logger);
    this.#watcher = new ArrivalWatcher({
      openChannel: (listener) => new RabbitMQArrivalChannel(connection, names, listener),
      recheckIntervalMs,
      hasMessage: async (queue) => (await reader.count(queue)) > 0,
    });
    this.#sweeping = setInterval(() => void reader.removeEmpty(this.#used.idle(idleMs)), Math.min(idleMs, SWEEP_MS));
    this.#sweeping.unref();
  }

  /**
   * Creates a queue from the environment variables of the RabbitMQ backend.
   *
   * @param env - the environment variables; default `process.env`
   * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): RabbitMQTaskMessageQueue {
    return new RabbitMQTaskMessageQueue(optionsFromEnv(env, logger));
  }

  /**
   * Appends a message. Resolves when RabbitMQ has stored the message. With `maxSize`, the processes that use this class
   * take turns in checking the number of messages and appending.
   *
   * @throws QueueFullError - the queue holds `maxSize` messages
   * @throws ConfigurationError - `maxSize` is not a whole number, or the task id is too long
   * @throws SerializationError - the message cannot be represented as JSON
   */
  async enqueue(taskId: string, message: QueuedMessage, _sessionId?: string, maxSize?: number): Promise<void> {
    assertMaxSize(maxSize);
    const text = encodeQueuedMessage(message);
    const queue = this.#names.queue(taskId);
    await (maxSize === undefined ? this.#sender.send(queue, text) : this.#boundedSender.send(queue, text, maxSize));
    this.#announcer.announce(queue);
  }

  /**
   * Takes the first message. Resolves to `undefined` if the queue is empty. Moves unreadable messages to a separate
   * queue.
   */
  async dequeue(taskId: string, _sessionId?: string): Promise<QueuedMessage | undefined> {
    return this.#reader.take(this.#names.queue(taskId));
  }

  /** Takes all messages, or no messages if the call rejects. The queue is removed some seconds after its last use. */
  async dequeueAll(taskId: string, _sessionId?: string): Promise<QueuedMessage[]> {
    return this.#reader.takeAll(this.#names.queue(taskId));
  }

  /** Takes all messages, like {@link dequeueAll}. The MCP SDK for Python uses the name `clear`. */
  clear(taskId: string): Promise<QueuedMessage[]> {
    return this.dequeueAll(taskId);
  }

  /** Returns the message that {@link dequeue} would take, and leaves it in the queue. */
  async peek(taskId: string): Promise<QueuedMessage | undefined> {
    return this.#reader.peek(this.#names.queue(taskId));
  }

  async isEmpty(taskId: string): Promise<boolean> {
    return (await this.size(taskId)) === 0;
  }

  /** Returns the number of messages in the queue, including unreadable messages. */
  async size(taskId: string): Promise<number> {
    return this.#reader.count(this.#names.queue(taskId));
  }

  /**
   * Waits until any process adds a message to the queue. Resolves to `true` (at once if a message is already in the
   * queue), or to `false` after `timeoutMs`. Does not remove the message: if several callers wait, one caller can take
   * the message and the others must wait again. Keeps waiting during outages of RabbitMQ.
   *
   * @throws the signal's reason - the signal is aborted
   * @throws QueueClosedError - the queue is closed
   */
  async waitForMessage(taskId: string, options: WaitOptions = {}): Promise<boolean> {
    return this.#watcher.wait(this.#names.queue(taskId), options);
  }

  /**
   * Removes the empty queues that only this process has used, and closes the connections. Pending calls reject with
   * `QueueClosedError`. The messages stay in RabbitMQ.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    clearInterval(this.#sweeping);
    this.#watcher.close();
    const patience = new AbortController();
    const removed = this.#reader.removeEmpty(this.#used.leaving());
    await Promise.race([removed, pause(GOODBYE_MS, patience.signal)]);
    patience.abort();
    await this.#connection.close();
  }
}
