import { ConnectionError } from '@slack-mcp/core';
import { pause } from '@slack-mcp/core/backend';
import type { ConsumeMessage, Message } from 'amqplib';
import { SupervisedChannel } from './channel.ts';
import type { OpenConnection } from './connection.ts';
import { SettlementReceipts } from './settlement-receipts.ts';

/**
 * Maximum number of settlements to send together. RabbitMQ queues further settlements of a channel, and drops them if
 * the channel is closed.
 */
const MOST_AT_ONCE = 24;
/** Milliseconds to wait until RabbitMQ has processed queued settlements. */
const SETTLE_MS = 250;
const CHECKS = 10;
const CHECK_MS = 5;

/** A channel that receives messages and settles them. */
export class ConsumeChannel {
  readonly connection: OpenConnection;
  readonly #channel: SupervisedChannel;
  /** The queue name of each unsettled message by delivery tag, in the order of delivery. */
  readonly #unsettled = new Map<number, string>();
  #prefetch = 0;
  #cancelled = false;
  /** Number of settlements since `#countedAt`. */
  #settlements = 0;
  #countedAt = 0;
  readonly #receipts: SettlementReceipts;

  private constructor(channel: SupervisedChannel, connection: OpenConnection) {
    this.#channel = channel;
    this.connection = connection;
    this.#receipts = new SettlementReceipts(() => channel.ask('settling', (amqp) => amqp.prefetch(this.#prefetch)));
  }

  static async open(connection: OpenConnection): Promise<ConsumeChannel> {
    return new ConsumeChannel(await SupervisedChannel.open(connection), connection);
  }

  get isOpen(): boolean {
    return this.#channel.isOpen;
  }

  /** The reason why the channel was closed. */
  get problem(): Error {
    if (this.#cancelled)
      return new ConnectionError('RabbitMQ ended the consumer, because its queue was deleted or moved: consume again');
    return this.#channel.problem;
  }

  get ended(): Promise<void> {
    return this.#channel.ended;
  }

  /**
   * Starts a consumer and returns its consumer tag. If RabbitMQ ends the consumer, the channel is closed.
   *
   * @param prefetch - maximum number of unsettled messages of this consumer
   */
  async consume(queue: string, prefetch: number, onMessage: (message: ConsumeMessage) => void): Promise<string> {
    this.#prefetch = prefetch;
    const { consumerTag } = await this.#channel.ask(`consuming ${queue}`, async (channel) => {
      await channel.prefetch(prefetch);
      return channel.consume(queue, (message) => {
        if (message === null) {
          this.#cancelled = true;
          this.#channel.abandon();
          return;
        }
        this.#unsettled.set(message.fields.deliveryTag, queue);
        onMessage(message);
      });
    });
    return consumerTag;
  }

  /** Ends a consumer. The unsettled messages of the consumer stay with this channel. */
  async cancel(consumerTag: string): Promise<void> {
    await this.#channel.ask('ending a consumer', (channel) => channel.cancel(consumerTag));
  }

  /** Acks messages. Resolves when RabbitMQ has received the acks. */
  async ack(tags: readonly number[]): Promise<void> {
    const acked = this.#unsettledOf(tags);
    // One frame acks all messages up to the first unsettled one.
    let prefix = 0;
    for (const tag of this.#unsettled.keys()) {
      if (tag !== acked[prefix]) break;
      prefix += 1;
    }
    const { channel } = this.#channel;
    if (prefix > 0) channel.ack(messageOf(acked[prefix - 1] as number), true);
    for (const tag of acked) this.#unsettled.delete(tag);
    for (const tag of acked.slice(prefix)) channel.ack(messageOf(tag));
    this.#count(acked.length - prefix + 1);
    await this.#receipts.received(acked.length);
  }

  /** Acks a message without waiting for an answer. */
  ackSoon(tag: number): void {
    if (!this.isOpen || !this.#unsettled.delete(tag)) return;
    this.#count(1);
    this.#channel.channel.ack(messageOf(tag));
  }

  /**
   * Returns messages to their queue, in order.
   *
   * @param counted - whether RabbitMQ 4.3 and later count the delivery; earlier versions always count the delivery
   */
  async requeue(tags: readonly number[], counted: boolean): Promise<void> {
    const { channel } = this.#channel;
    this.#count(tags.length);
    for (const tag of tags) {
      if (!this.#unsettled.delete(tag)) continue;
      if (counted) channel.reject(messageOf(tag), true);
      else channel.nack(messageOf(tag), false, true);
    }
    await this.#receipts.received(tags.length);
  }

  /**
   * Waits until no message is on its way to the consumers of a queue. If a message arrives after its consumer has
   * ended, RabbitMQ returns it to the queue before the messages that the consumer returns, and the order changes.
   *
   * @param granted - maximum number of unsettled messages of the consumers
   */
  async untilQuiet(queue: string, granted: number): Promise<void> {
    for (let check = 0; check < CHECKS && this.isOpen; check += 1) {
      let held = 0;
      for (const other of this.#unsettled.values()) if (other === queue) held += 1;
      if (held >= granted) return;
      const { messageCount } = await this.count(queue);
      if (messageCount === 0) return;
      await pause(CHECK_MS);
    }
  }

  /** Waits until messages are back in their queue, so that the next consumer does not receive later messages first. */
  async untilBack(queue: string, count: number): Promise<void> {
    for (let check = 0; check < CHECKS && this.isOpen; check += 1) {
      const { messageCount } = await this.count(queue);
      // Another consumer may have received them already.
      if (messageCount >= count) return;
      await pause(CHECK_MS);
    }
  }

  /**
   * Counts the waiting messages and the consumers of a queue. The answer arrives after all messages that RabbitMQ sent
   * to this channel earlier.
   */
  count(queue: string): Promise<{ messageCount: number; consumerCount: number }> {
    return this.#channel.ask('counting', (channel) => channel.checkQueue(queue));
  }

  /** Closes the channel. RabbitMQ returns unsettled messages to their queues. */
  async close(): Promise<void> {
    this.#count(0);
    if (this.#settlements > MOST_AT_ONCE && this.isOpen) await pause(SETTLE_MS);
    await this.#channel.close();
  }

  abandon(): void {
    this.#channel.abandon();
  }

  /** Returns the tags that are not settled yet, in ascending order. */
  #unsettledOf(tags: readonly number[]): number[] {
    const found: number[] = [];
    let isOrdered = true;
    let last = 0;
    for (const tag of tags) {
      if (!this.#unsettled.has(tag)) continue;
      if (tag < last) isOrdered = false;
      last = tag;
      found.push(tag);
    }
    // Most consumers settle in the order of delivery.
    return isOrdered ? found : found.sort((one, other) => one - other);
  }

  #count(settlements: number): void {
    const now = performance.now();
    if (now - this.#countedAt > SETTLE_MS) {
      this.#countedAt = now;
      this.#settlements = 0;
    }
    this.#settlements += settlements;
  }
}

function messageOf(deliveryTag: number): Message {
  return { fields: { deliveryTag } } as Message;
}
