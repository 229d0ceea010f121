import { ConnectionError, type DeadLetter, isQueueError, SerializationError } from '@slack-mcp/core';
import {
  type DeliverySink,
  type DeliverySource,
  isSuspect,
  type ResolvedConsumeOptions,
  retryUntil,
} from '@slack-mcp/core/backend';
import type { ConsumeMessage } from 'amqplib';
import { withChannel } from './channel.ts';
import { Claims } from './claims.ts';
import type { RabbitMQClient } from './client.ts';
import { ConsumeChannel } from './consume-channel.ts';
import { decodeMetadata, encodeAgain } from './message-codec.ts';
import type { ResolvedOptions } from './options.ts';
import { separateKeys } from './overlapping-keys.ts';
import { encodeParked } from './parked-message.ts';
import { QueueFeed } from './queue-feed.ts';
import { type Hold, type RabbitMQDelivery, toDelivery } from './rabbitmq-delivery.ts';
import { toQueueError } from './rabbitmq-error.ts';
import { retryDelayMs } from './retry-delay.ts';

/** Milliseconds before a message that could not be parked is returned to its queue. */
const PARK_AGAIN_MS = 1_000;

/** A member of a group. */
export class GroupSubscriber implements DeliverySource<RabbitMQDelivery> {
  readonly #client: RabbitMQClient;
  readonly #options: ResolvedOptions;
  readonly #consume: ResolvedConsumeOptions & { group: string };
  readonly #stopping = new AbortController();
  readonly #sets: string[][];
  readonly #claims: Claims;
  readonly #unsettled = new Set<RabbitMQDelivery>();
  #sink: DeliverySink<RabbitMQDelivery> | undefined;
  #channel: ConsumeChannel | undefined;
  #feeds: QueueFeed[] = [];
  #prefetch: number;
  #stopped: Promise<void> = Promise.resolve();

  constructor(client: RabbitMQClient, options: ResolvedOptions, consume: ResolvedConsumeOptions & { group: string }) {
    this.#client = client;
    this.#options = options;
    this.#consume = consume;
    this.#prefetch = consume.prefetch;
    this.#sets = separateKeys(consume.keys);
    // RabbitMQ closes a silent connection after two to three heartbeats.
    this.#claims = new Claims(3 * options.heartbeatMs + 2_000);
  }

  async open(sink: DeliverySink<RabbitMQDelivery>, signal: AbortSignal): Promise<void> {
    this.#sink = sink;
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    await this.#establish();
    void this.#supervise();
  }

  pull(): void {
    for (const feed of this.#feeds) {
      if (feed.isPaused && (this.#sink?.free() ?? 0) > 0) feed.start(false).catch(() => {});
    }
    this.#feeds.push(...this.#feeds.splice(0, 1));
  }

  setPrefetch(prefetch: number): void {
    this.#prefetch = prefetch;
    for (const feed of this.#feeds) feed.resize(this.#share);
  }

  laneOf({ hold }: RabbitMQDelivery): unknown {
    return hold.channel;
  }

  async ack(deliveries: readonly RabbitMQDelivery[]): Promise<readonly RabbitMQDelivery[]> {
    const lost: RabbitMQDelivery[] = [];
    const open: RabbitMQDelivery[] = [];
    let waiting: unknown;
    for (const delivery of deliveries) {
      delivery.settling = true;
      delivery.acking = true;
      if (delivery.done) continue;
      try {
        this.#claims.require(delivery);
        open.push(delivery);
      } catch (error) {
        if (isQueueError(error, 'ERR_QUEUE_LEASE_LOST')) lost.push(delivery);
        else waiting = error;
      }
    }
    await this.#ackHeld(open);
    if (waiting !== undefined) throw waiting;
    for (const delivery of lost) this.#unsettled.delete(delivery);
    return lost;
  }

  async nack(delivery: RabbitMQDelivery, { delayMs }: { delayMs: number }): Promise<void> {
    const { queue, message, metadata } = delivery;
    const { retryCount, deliveryCount } = metadata;
    const options = encodeAgain(message, metadata, { counts: { retryCount: retryCount + 1, deliveryCount } });
    const { republisher } = this.#client;
    await this.#move(delivery, 'nacking', () =>
      delayMs > 0
        ? republisher.later(queue, retryDelayMs(delayMs), message.content, options)
        : republisher.toQueue(queue, message.content, options),
    );
  }

  async deadLetter(delivery: RabbitMQDelivery, reason: DeadLetter['reason']): Promise<void> {
    const { group } = this.#consume;
    const { message, metadata, queue } = delivery;
    delivery.parked ??= encodeParked(message, metadata, { id: this.#client.parkingId(), queue, reason });
    const options = delivery.parked;
    await this.#move(delivery, 'parking', () => this.#client.republisher.park(group, message.content, options));
  }

  async release(deliveries: readonly RabbitMQDelivery[], { begun }: { begun: boolean }): Promise<void> {
    // Otherwise the messages would come back here.
    await this.#stopped;
    const held = Map.groupBy(
      deliveries.filter(({ done }) => !done),
      ({ hold }) => hold.channel,
    );
    for (const delivery of deliveries) {
      this.#unsettled.delete(delivery);
      delivery.done = true;
    }
    for (const [channel, ours] of held) {
      // RabbitMQ returns the messages of a lost channel itself.
      if (channel.isOpen)
        await channel
          .requeue(
            ours.map(({ hold }) => hold.tag),
            begun,
          )
          .catch(() => {});
    }
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#channel?.close();
    this.#claims.clear();
  }

  get #share(): number {
    return Math.max(1, Math.floor(this.#prefetch / this.#sets.length));
  }

  #stop(): void {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    this.#stopped = Promise.all(this.#feeds.map((feed) => feed.stop())).then(
      () => {},
      () => {},
    );
  }

  /** Consumes on a new channel. Keeps trying while RabbitMQ is unavailable. */
  #establish(): Promise<void> {
    const { retryDelayMs: initialDelayMs, logger } = this.#options;
    const { signal } = this.#stopping;
    return retryUntil(() => this.#attempt(), {
      initialDelayMs,
      signal,
      onRetry: (err) => logger.debug({ err, group: this.#consume.group }, 'queue_consume_failed'),
    });
  }

  async #attempt(): Promise<void> {
    const { consuming, topology } = this.#client;
    const { group } = this.#consume;
    if (this.#stopping.signal.aborted) return;
    let channel: ConsumeChannel | undefined;
    try {
      const connection = await consuming.open();
      await withChannel(connection, `declaring the queues of ${group}`, async (amqp) => {
        await topology.exchange(amqp);
        await topology.groupQueues(amqp, group, this.#sets);
      });
      channel = await ConsumeChannel.open(connection);
      await this.#begin(channel);
    } catch (cause) {
      channel?.abandon();
      throw toQueueError(cause, `consuming ${this.#consume.keys.join(', ')} as ${group}`, this.#options.endpoint);
    }
  }

  async #begin(channel: ConsumeChannel): Promise<void> {
    if (this.#stopping.signal.aborted) {
      await channel.close();
      return;
    }
    this.#channel = channel;
    const { names } = this.#client.topology;
    this.#feeds = this.#sets.map((keys) => {
      const queue = names.group(this.#consume.group, keys);
      return new QueueFeed(queue, channel, this.#share, {
        isSuspect: (message) => isSuspect(decodeMetadata(message), this.#options.maxDeliveries),
        onMessage: (feed, message) => this.#receive(feed, channel, message),
      });
    });
    // Messages whose settlement waits for them are no suspects.
    const careful = this.#claims.size === 0;
    for (const feed of this.#feeds) await feed.start(careful);
    this.#claims.resumed();
    if (this.#stopping.signal.aborted) await Promise.all(this.#feeds.map((feed) => feed.stop()));
  }

  /** Starts again whenever the channel is lost. */
  async #supervise(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#channel?.ended;
      if (this.#channel !== undefined) this.#interrupt(this.#channel);
      if (signal.aborted) return;
      try {
        await this.#establish();
      } catch (error) {
        if (!signal.aborted) this.#sink?.fail(error as Error);
        return;
      }
    }
    await this.#channel?.ended;
    if (this.#channel !== undefined) this.#interrupt(this.#channel);
  }

  /** RabbitMQ delivers the messages of a lost channel again. */
  #interrupt(channel: ConsumeChannel): void {
    const { group } = this.#consume;
    this.#claims.interrupted();
    let revoked = 0;
    for (const delivery of [...this.#unsettled]) {
      if (delivery.hold.channel !== channel) continue;
      if (delivery.settling) {
        this.#claims.add(delivery);
        continue;
      }
      this.#unsettled.delete(delivery);
      this.#sink?.revoke(delivery);
      revoked += 1;
    }
    if (this.#stopping.signal.aborted) return;
    const err = toQueueError(channel.problem, `consuming as ${group}`, this.#options.endpoint);
    this.#options.logger.warn({ group, err, messages: revoked }, 'queue_channel_lost');
  }

  #receive(feed: QueueFeed, channel: ConsumeChannel, message: ConsumeMessage): void {
    const { queue } = feed;
    const hold = { channel, tag: message.fields.deliveryTag };
    let delivery: RabbitMQDelivery;
    try {
      delivery = toDelivery(message, { queue, group: this.#consume.group, hold });
    } catch (error) {
      void this.#parkUndecodable(queue, message, hold, error);
      return;
    }
    const claimed = this.#claims.match(delivery);
    if (claimed !== undefined) {
      this.#settleClaimed(claimed);
      return;
    }
    // With more queues than slots, each may have delivered one.
    if (this.#sets.length > this.#prefetch && (this.#sink?.free() ?? 0) <= 0 && !this.#stopping.signal.aborted) {
      void feed
        .stop()
        .then(() => channel.requeue([hold.tag], false))
        .catch(() => {});
      return;
    }
    this.#unsettled.add(delivery);
    this.#sink?.deliver(delivery);
  }

  /** The message of a pending settlement returned. Only its ack may be missing: then it is settled at once. */
  #settleClaimed(delivery: RabbitMQDelivery): void {
    this.#unsettled.add(delivery);
    if (!delivery.moved && !delivery.acking) return;
    delivery.done = true;
    this.#unsettled.delete(delivery);
    delivery.hold.channel.ackSoon(delivery.hold.tag);
  }

  /** Stores a message elsewhere, then acks it. */
  async #move(delivery: RabbitMQDelivery, doing: string, store: () => Promise<void>): Promise<void> {
    delivery.settling = true;
    try {
      if (delivery.done) return;
      this.#claims.require(delivery);
      if (!delivery.moved) await store();
      delivery.moved = true;
      await this.#ackHeld([delivery]);
    } catch (cause) {
      const { key } = delivery.metadata;
      throw toQueueError(cause, `${doing} a message of ${key}`, this.#options.endpoint);
    }
  }

  async #ackHeld(deliveries: readonly RabbitMQDelivery[]): Promise<void> {
    for (const [channel, ours] of Map.groupBy(deliveries, ({ hold }) => hold.channel)) {
      try {
        await channel.ack(ours.map(({ hold }) => hold.tag));
      } catch (cause) {
        // Whatever closed the channel, the messages are delivered again.
        throw new ConnectionError(
          `acking as ${this.#consume.group} at ${this.#options.endpoint}: the channel was lost`,
          {
            cause,
          },
        );
      }
      for (const delivery of ours) {
        delivery.done = true;
        this.#unsettled.delete(delivery);
      }
    }
  }

  /** Parks a message that another program published and that is no JSON object. */
  async #parkUndecodable(queue: string, message: ConsumeMessage, hold: Hold, error: unknown): Promise<void> {
    const { group } = this.#consume;
    const { logger, endpoint } = this.#options;
    try {
      if (!(error instanceof SerializationError)) throw error;
      const { name, message: text } = error;
      const record = { id: this.#client.parkingId(), queue, reason: { code: 'UNDECODABLE', name, message: text } };
      const options = encodeParked(message, decodeMetadata(message), record);
      await this.#client.republisher.park(group, message.content, options);
      await hold.channel.ack([hold.tag]);
      logger.warn({ key: message.fields.routingKey, group, err: error }, 'queue_message_undecodable');
    } catch (cause) {
      logger.warn({ group, err: toQueueError(cause, 'parking a message', endpoint) }, 'queue_dead_letter_failed');
      setTimeout(() => hold.channel.requeue([hold.tag], false).catch(() => {}), PARK_AGAIN_MS);
    }
  }
}
