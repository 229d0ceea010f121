import { randomUUID } from 'node:crypto';
import type { QueueKey } from '@slack-mcp/core';
import type { Channel, Options } from 'amqplib';
import { withChannel } from './channel.ts';
import type { OpenConnection } from './connection.ts';
import type { Names } from './names.ts';
import type { ResolvedOptions } from './options.ts';
import { replyCode, topologyConflict } from './rabbitmq-error.ts';

/**
 * The delivery limit of quorum queues, high enough that RabbitMQ never drops a message. This package counts deliveries
 * itself, and parks messages with too many deliveries without an outcome. The limit is set on all versions of RabbitMQ,
 * so that an upgrade causes no conflict.
 */
const DELIVERY_LIMIT = 1_000_000;
const FLUSH_EXPIRES_MS = 10_000;
/** Number of nodes that store a queue, limited by the number of nodes in the cluster. */
const ALL_NODES = 15;
/** Milliseconds for which an unused delay queue is kept in addition to its delay. */
const DELAY_QUEUE_EXPIRES_MS = 2 * 60 * 60_000;

/** Declares the exchanges and queues. */
export class Topology {
  readonly names: Names;
  readonly #options: ResolvedOptions;

  constructor(names: Names, options: ResolvedOptions) {
    this.names = names;
    this.#options = options;
  }

  async exchange(channel: Channel): Promise<void> {
    const { exchange } = this.names;
    const { durable } = this.#options;
    await this.#conflicts(`declaring the exchange ${exchange}`, { type: 'topic', durable }, () =>
      channel.assertExchange(exchange, 'topic', { durable }),
    );
  }

  /** Declares the queues of a group, each with the keys that it receives. The exchange must already exist. */
  async groupQueues(channel: Channel, group: string, sets: readonly (readonly QueueKey[])[]): Promise<void> {
    const { messageTtlMs } = this.#options;
    const options = this.#groupQueue(group);
    const fresh: boolean[] = [];
    for (const keys of sets) fresh.push(await this.#queue(channel, this.names.group(group, keys), options));
    // Otherwise RabbitMQ would drop what expires.
    if (messageTtlMs !== undefined) fresh.push(await this.#queue(channel, ...this.#deadLetterQueue(group)));
    // Bound only then: until a new queue survives a crash of the broker, it must not receive messages.
    await this.#secure(channel, fresh);
    for (const keys of sets) {
      const queue = this.names.group(group, keys);
      for (const key of keys) await channel.bindQueue(queue, this.names.exchange, key);
    }
  }

  async deadLetters(channel: Channel, group: string): Promise<void> {
    await this.#secure(channel, [await this.#queue(channel, ...this.#deadLetterQueue(group))]);
  }

  /**
   * Runs a task while no other connection reads the dead letters of a group. While a reader holds messages, RabbitMQ
   * neither counts nor delivers them.
   *
   * @throws Error - another connection reads them: RabbitMQ answers with code 405
   */
  async asDeadLetterReader<T>(connection: OpenConnection, group: string, read: () => Promise<T>): Promise<T> {
    const queue = this.names.deadLetterReader(group);
    await withChannel(connection, `declaring ${queue}`, (channel) =>
      channel.assertQueue(queue, { durable: false, exclusive: true, arguments: { 'x-queue-type': 'classic' } }),
    );
    try {
      return await read();
    } finally {
      // RabbitMQ deletes it with a lost connection.
      if (connection.isOpen) {
        await withChannel(connection, `deleting ${queue}`, (channel) => channel.deleteQueue(queue)).catch(() => {});
      }
    }
  }

  /** Declares the queue of an independent consumer. The queue is deleted when the connection ends. */
  async independentQueue(channel: Channel, queue: string, keys: readonly QueueKey[]): Promise<void> {
    await channel.assertQueue(queue, {
      durable: false,
      exclusive: true,
      autoDelete: true,
      arguments: { 'x-queue-type': 'classic' },
    });
    for (const key of keys) await channel.bindQueue(queue, this.names.exchange, key);
  }

  /**
   * Declares the queue in which messages wait for `delayMs` milliseconds. RabbitMQ then moves each message to the queue
   * named by its routing key.
   */
  async delayQueue(channel: Channel, delayMs: number): Promise<void> {
    const { delays } = this.names;
    const { durable } = this.#options;
    const queue = this.names.delay(delayMs);
    await channel.assertExchange(delays, 'headers', { durable });
    const isNew = await this.#queue(channel, queue, {
      durable,
      arguments: {
        ...this.#type,
        'x-message-ttl': delayMs,
        'x-expires': 2 * delayMs + DELAY_QUEUE_EXPIRES_MS,
        'x-dead-letter-exchange': '',
        ...this.#safely,
        ...(this.#isQuorum ? { 'x-overflow': 'reject-publish' } : {}),
      },
    });
    await this.#secure(channel, [isNew]);
    await channel.bindQueue(queue, delays, '', { 'x-match': 'all', [DELAY_HEADER]: delayMs });
  }

  get #isQuorum(): boolean {
    return this.#options.queueType === 'quorum';
  }

  get #type(): Record<string, string | number> {
    return this.#isQuorum
      ? { 'x-queue-type': 'quorum', 'x-delivery-limit': DELIVERY_LIMIT }
      : { 'x-queue-type': 'classic' };
  }

  /**
   * The setting with which a quorum queue keeps an expired message until the next queue has stored it. Classic queues
   * have no such setting.
   */
  get #safely(): Record<string, string> {
    return this.#isQuorum ? { 'x-dead-letter-strategy': 'at-least-once' } : {};
  }

  #groupQueue(group: string): Options.AssertQueue {
    const { durable, maxLength, messageTtlMs } = this.#options;
    return {
      durable,
      arguments: {
        ...this.#type,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': this.names.deadLetters(group),
        'x-overflow': 'reject-publish',
        ...(maxLength === undefined ? {} : { 'x-max-length': maxLength }),
        ...(messageTtlMs === undefined ? {} : { 'x-message-ttl': messageTtlMs, ...this.#safely }),
      },
    };
  }

  #deadLetterQueue(group: string): [string, Options.AssertQueue] {
    return [this.names.deadLetters(group), { durable: this.#options.durable, arguments: this.#type }];
  }

  /** Declares a queue. Returns whether the queue may be new. */
  async #queue(channel: Channel, queue: string, options: Options.AssertQueue): Promise<boolean> {
    const { durable, arguments: settings } = options;
    const { messageCount, consumerCount } = await this.#conflicts(
      `declaring the queue ${queue}`,
      { durable, ...settings },
      () => channel.assertQueue(queue, options),
    );
    return messageCount + consumerCount === 0;
  }

  /**
   * Makes sure that new quorum queues are on disk. If a node is killed within a second after a quorum queue was
   * declared, it loses even confirmed messages of the queue. Declaring another quorum queue makes the node write the
   * earlier queues to disk.
   */
  async #secure(channel: Channel, fresh: readonly boolean[]): Promise<void> {
    if (!this.#isQuorum || !fresh.includes(true)) return;
    await channel.assertQueue(this.names.flush(randomUUID()), {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-expires': FLUSH_EXPIRES_MS,
        'x-quorum-initial-group-size': ALL_NODES,
      },
    });
  }

  async #conflicts<T>(doing: string, wanted: object, declare: () => Promise<T>): Promise<T> {
    try {
      return await declare();
    } catch (error) {
      if (replyCode(error) !== 406) throw error;
      throw topologyConflict(error, { doing, endpoint: this.#options.endpoint, wanted });
    }
  }
}

/** The header that routes a message to its delay queue. */
export const DELAY_HEADER = 'slack-mcp-delay';
