import { randomUUID } from 'node:crypto';
import { PublishError, QueueTimeoutError, TopologyError } from '@slack-mcp/core';
import type { Options } from 'amqplib';
import { type Confirmation, ConfirmChannel } from '../confirm-channel.ts';
import type { OpenConnection } from '../connection.ts';
import { declareQueue } from './declare-queue.ts';
import type { TaskConnection } from './task-connection.ts';
import type { TaskNames } from './task-names.ts';
import { Turns } from './turns.ts';
import type { UsedQueues } from './used-queues.ts';

const QUEUEING = 'queueing a task message';
const SETTING_ASIDE = 'setting a task message aside';
/** Maximum number of attempts to publish a message to a queue that other processes delete. */
const ATTEMPTS = 5;
/**
 * Maximum milliseconds to wait for a confirmation before messages are sent again. The limit does not apply while
 * RabbitMQ blocks all publishers.
 */
const CONFIRM_MS = 20_000;
const DAY_MS = 86_400_000;
/**
 * The settings of the queue for unreadable messages. The queue keeps the latest messages and expires when it is not
 * used.
 */
const UNREADABLE = {
  durable: true,
  arguments: { 'x-queue-type': 'classic', 'x-max-length': 100, 'x-message-ttl': DAY_MS, 'x-expires': 2 * DAY_MS },
} as const;

/** Publishes persistent messages to the queues of tasks, and waits until RabbitMQ confirms them. */
export class MessageSender {
  readonly #connection: TaskConnection;
  readonly #names: TaskNames;
  readonly #used: UsedQueues;
  readonly #ttlMs: number | null;
  readonly #alone = new Turns();
  readonly #declaring = new Map<string, Promise<unknown>>();
  #channel: { connection: OpenConnection; opening: Promise<ConfirmChannel> } | undefined;

  constructor(connection: TaskConnection, names: TaskNames, used: UsedQueues, ttlMs: number | null) {
    this.#connection = connection;
    this.#names = names;
    this.#used = used;
    this.#ttlMs = ttlMs;
  }

  /**
   * Resolves when RabbitMQ has stored the message. The message has the same id in each attempt.
   *
   * @param isLocked - whether the caller holds the lock of the queue, so that no process removes the queue
   */
  send(queue: string, text: string, isLocked = false): Promise<void> {
    const content = Buffer.from(text);
    const options: Options.Publish = {
      persistent: true,
      mandatory: true,
      contentType: 'application/json',
      messageId: randomUUID(),
      ...(this.#ttlMs !== null && { expiration: this.#ttlMs }),
    };
    return this.#connection.call(QUEUEING, 'publish', async (connection, deadline) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        if (!isLocked) await this.#used.removal(queue);
        if (!this.#used.has(queue)) await this.#declare(connection, queue);
        const answer = await this.#publish(connection, queue, content, options, deadline);
        if (answer === 'stored') return this.#used.use(queue);
        this.#used.forget(queue);
      }
      throw new TopologyError(
        `${QUEUEING} at ${this.#connection.endpoint}: the queue ${queue} was deleted repeatedly; check for policies and programs that delete it`,
      );
    });
  }

  /** Stores a message that cannot be read in the queue for unreadable messages. */
  setAside(queue: string, content: Buffer): Promise<void> {
    const { unreadable } = this.#names;
    const options: Options.Publish = { persistent: true, mandatory: true, messageId: randomUUID(), headers: { queue } };
    return this.#connection.call(SETTING_ASIDE, 'publish', async (connection, deadline) => {
      await this.#connection.use('publish', connection, (channel) =>
        channel.ask(SETTING_ASIDE, (amqp) => amqp.assertQueue(unreadable, UNREADABLE)),
      );
      await this.#publish(connection, unreadable, content, options, deadline);
    });
  }

  /** Declares a queue. All callers wait for the same declaration, so that their messages keep their order. */
  #declare(connection: OpenConnection, queue: string): Promise<unknown> {
    let declaring = this.#declaring.get(queue);
    if (declaring === undefined) {
      declaring = this.#connection
        .use('publish', connection, (channel) => declareQueue(channel, queue, this.#connection.endpoint))
        .then(() => this.#used.use(queue))
        .finally(() => this.#declaring.delete(queue));
      this.#declaring.set(queue, declaring);
    }
    return declaring;
  }

  async #publish(
    connection: OpenConnection,
    queue: string,
    content: Buffer,
    options: Options.Publish,
    deadline: number,
  ): Promise<'stored' | 'unroutable'> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(this.#late(connection)), Math.max(1, deadline - performance.now()));
    const publish = async (channel: ConfirmChannel): Promise<Confirmation> => {
      const { promise: answer, resolve } = Promise.withResolvers<Confirmation>();
      channel.publish('', queue, content, options, resolve);
      return Promise.race([answer, promise]);
    };
    try {
      let answer = await publish(await this.#confirming(connection));
      // Another message may be the cause, for example because it is too large.
      if (answer.status === 'closed' && !answer.isAlone && connection.isOpen) {
        answer = await this.#alone.take(queue, () => this.#publishAlone(connection, publish));
      }
      if (answer.status === 'closed') throw answer.error;
      if (answer.status !== 'nacked') return answer.status;
      throw new PublishError(
        `${QUEUEING} at ${this.#connection.endpoint}: RabbitMQ refused the message, because the queue has reached a policy limit; raise the limit, or take messages from the queue`,
        { retryable: true },
      );
    } finally {
      clearTimeout(timer);
    }
  }

  async #publishAlone(
    connection: OpenConnection,
    publish: (channel: ConfirmChannel) => Promise<Confirmation>,
  ): Promise<Confirmation> {
    const channel = await ConfirmChannel.open(connection, CONFIRM_MS);
    try {
      return await publish(channel);
    } finally {
      await channel.close();
    }
  }

  /** Returns the channel that all messages share, so that they keep their order. */
  async #confirming(connection: OpenConnection): Promise<ConfirmChannel> {
    const present = this.#channel;
    if (present?.connection === connection) {
      const channel = await present.opening.catch(() => undefined);
      if (channel?.isOpen) return channel;
    }
    // Another caller may have replaced it in the meantime.
    if (this.#channel === present) this.#channel = { connection, opening: ConfirmChannel.open(connection, CONFIRM_MS) };
    return (this.#channel as { opening: Promise<ConfirmChannel> }).opening;
  }

  #late({ blocked }: OpenConnection): QueueTimeoutError {
    const reason =
      blocked === undefined ? 'RabbitMQ did not confirm in time' : `RabbitMQ accepts no messages (${blocked})`;
    return new QueueTimeoutError(`${QUEUEING} at ${this.#connection.endpoint}: ${reason}`);
  }
}
