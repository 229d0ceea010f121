import { ConnectionError, ConsumeError, PublishError } from '@slack-mcp/core';
import type { Channel, Options } from 'amqplib';
import { withChannel } from './channel.ts';
import { type Confirmation, ConfirmChannel } from './confirm-channel.ts';
import type { OpenConnection, RabbitMQConnection } from './connection.ts';
import { DELAY_HEADER, type Topology } from './topology.ts';

/** Milliseconds after which a delay queue is declared again, well before it expires. */
const DECLARE_AGAIN_MS = 30 * 60_000;
/** Maximum time in milliseconds to wait for a confirmation. */
const CONFIRM_MS = 10_000;

/** Publishes retries, dead letters and redriven messages directly to queues. */
export class Republisher {
  readonly #connection: RabbitMQConnection;
  readonly #topology: Topology;
  #channel: ConfirmChannel | undefined;
  #opening: Promise<ConfirmChannel> | undefined;
  #declared = new Map<string, Promise<number>>();
  #declaredOn: OpenConnection | undefined;

  constructor(connection: RabbitMQConnection, topology: Topology) {
    this.#connection = connection;
    this.#topology = topology;
  }

  /**
   * Publishes a message to a queue. Resolves when the queue has stored the message.
   *
   * @throws ConsumeError - the queue does not exist
   */
  async toQueue(queue: string, content: Buffer, options: Options.Publish): Promise<void> {
    const answer = await this.#publish('', queue, content, options);
    if (answer.status === 'unroutable') {
      throw new ConsumeError(`the queue ${queue} was deleted: start a consumer of its group, which creates it again`, {
        retryable: true,
      });
    }
  }

  /** Delivers a message to a queue after `delayMs` milliseconds. */
  async later(queue: string, delayMs: number, content: Buffer, options: Options.Publish): Promise<void> {
    const { names } = this.#topology;
    const name = names.delay(delayMs);
    await this.#declare(name, (channel) => this.#topology.delayQueue(channel, delayMs));
    const headers = { ...options.headers, [DELAY_HEADER]: delayMs };
    const answer = await this.#publish(names.delays, queue, content, { ...options, headers });
    if (answer.status === 'unroutable') {
      this.#declared.delete(name);
      throw new ConsumeError(`the queue ${name} was deleted and is being created again: try again`, {
        retryable: true,
      });
    }
  }

  /** Adds a message to the dead letters of a group. */
  async park(group: string, content: Buffer, options: Options.Publish): Promise<void> {
    const queue = this.#topology.names.deadLetters(group);
    await this.#declare(queue, (channel) => this.#topology.deadLetters(channel, group));
    try {
      await this.toQueue(queue, content, options);
    } catch (error) {
      this.#declared.delete(queue);
      throw error;
    }
  }

  async #publish(exchange: string, key: string, content: Buffer, options: Options.Publish): Promise<Confirmation> {
    const channel = await this.#open();
    const answered = Promise.withResolvers<Confirmation>();
    channel.publish(exchange, key, content, options, answered.resolve);
    const answer = await answered.promise;
    if (answer.status === 'closed') throw answer.error;
    if (answer.status === 'nacked') {
      throw new PublishError(
        `RabbitMQ refused to store a message in ${key}: check whether the queue is full or has no leader`,
        { retryable: true },
      );
    }
    return answer;
  }

  #open(): Promise<ConfirmChannel> {
    if (this.#channel?.isOpen) return Promise.resolve(this.#channel);
    this.#opening ??= this.#reopen().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #reopen(): Promise<ConfirmChannel> {
    this.#channel = await ConfirmChannel.open(await this.#connection.open(), CONFIRM_MS);
    return this.#channel;
  }

  async #declare(name: string, declare: (channel: Channel) => Promise<void>): Promise<void> {
    const connection = await this.#connection.open();
    if (this.#declaredOn !== connection) this.#declared = new Map();
    this.#declaredOn = connection;
    const at = await this.#declared.get(name)?.catch(() => undefined);
    if (at !== undefined && performance.now() - at < DECLARE_AGAIN_MS) return;
    const declaring = withChannel(connection, `declaring ${name}`, declare).then(() => performance.now());
    this.#declared.set(name, declaring);
    try {
      await declaring;
    } catch (error) {
      this.#declared.delete(name);
      throw error;
    }
    if (!connection.isOpen) throw new ConnectionError('the connection to RabbitMQ was lost: try again');
  }
}
