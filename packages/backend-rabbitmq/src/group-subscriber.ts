import type { DeadLetter } from '@slack-mcp/core';
import {
  type DeliverySink,
  type DeliverySource,
  isSuspect,
  type ResolvedConsumeOptions,
  retryUntil,
} from '@slack-mcp/core/backend';
import type { ConsumeMessage } from 'amqplib';
import { withChannel } from './channel.ts';
import type { RabbitMQClient } from './client.ts';
import { ConsumeChannel } from './consume-channel.ts';
import { GroupSettler } from './group-settler.ts';
import { decodeMessage } from './message-codec.ts';
import { isolationMs, type ResolvedOptions } from './options.ts';
import { separateKeys } from './overlapping-keys.ts';
import { QueueFeed } from './queue-feed.ts';
import { type RabbitMQDelivery, toDelivery } from './rabbitmq-delivery.ts';
import { toQueueError } from './rabbitmq-error.ts';

/** A member of a consumer group in RabbitMQ. */
export class GroupSubscriber implements DeliverySource<RabbitMQDelivery> {
  readonly #client: RabbitMQClient;
  readonly #options: ResolvedOptions;
  readonly #consume: ResolvedConsumeOptions & { group: string };
  readonly #stopping = new AbortController();
  readonly #sets: string[][];
  readonly #settler: GroupSettler;
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
    this.#settler = new GroupSettler(client, options, {
      group: consume.group,
      hasAll: async (queue) => this.#feeds.find((feed) => feed.queue === queue)?.hasAll() ?? false,
    });
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
    if (this.#feeds.length > 1) this.#feeds.push(...this.#feeds.splice(0, 1));
  }

  setPrefetch(prefetch: number): void {
    this.#prefetch = prefetch;
    for (const feed of this.#feeds) feed.resize(this.#share);
  }

  laneOf({ hold }: RabbitMQDelivery): unknown {
    return hold.channel;
  }

  ack(deliveries: readonly RabbitMQDelivery[]): Promise<readonly RabbitMQDelivery[]> {
    return this.#settler.ack(deliveries);
  }

  nack(delivery: RabbitMQDelivery, { delayMs }: { delayMs: number }): Promise<void> {
    return this.#settler.nack(delivery, delayMs);
  }

  deadLetter(delivery: RabbitMQDelivery, reason: DeadLetter['reason']): Promise<void> {
    return this.#settler.park(delivery, reason);
  }

  async release(deliveries: readonly RabbitMQDelivery[], { begun }: { begun: boolean }): Promise<void> {
    // Otherwise the messages would come back here.
    await this.#stopped;
    await this.#settler.release(deliveries, begun);
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#channel?.close();
    this.#settler.claims.clear();
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

  /** Starts to consume on a new channel. Keeps trying while RabbitMQ is unavailable. */
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
        patienceMs: isolationMs(this.#options),
        isSuspect: (message) => isSuspect(decodeMessage(message), this.#options.maxDeliveries),
        onMessage: (feed, message) => this.#receive(feed, channel, message),
      });
    });
    // Messages whose settlement waits for them are no suspects.
    const careful = this.#settler.claims.size === 0;
    for (const feed of this.#feeds) await feed.start(careful);
    this.#settler.claims.resumed();
    if (this.#stopping.signal.aborted) await Promise.all(this.#feeds.map((feed) => feed.stop()));
  }

  /** Starts to consume again each time the channel is lost. */
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

  /** Aborts the signals of the messages of a lost channel, because RabbitMQ delivers these messages again. */
  #interrupt(channel: ConsumeChannel): void {
    const { group } = this.#consume;
    const revoked = this.#settler.lose(channel);
    for (const delivery of revoked) this.#sink?.revoke(delivery);
    if (this.#stopping.signal.aborted) return;
    const err = toQueueError(channel.problem, `consuming as ${group}`, this.#options.endpoint);
    this.#options.logger.warn({ group, err, messages: revoked.length }, 'queue_channel_lost');
  }

  #receive(feed: QueueFeed, channel: ConsumeChannel, message: ConsumeMessage): void {
    const { queue } = feed;
    const hold = { channel, tag: message.fields.deliveryTag };
    let delivery: RabbitMQDelivery;
    try {
      delivery = toDelivery(message, { queue, group: this.#consume.group, hold });
    } catch (error) {
      void this.#settler.parkUndecodable(queue, message, hold, error);
      return;
    }
    if (!message.fields.redelivered) this.#settler.claims.overtaken(queue);
    else if (this.#settler.settleClaimed(delivery)) return;
    // With more queues than slots, each may have delivered one.
    if (this.#sets.length > this.#prefetch && (this.#sink?.free() ?? 0) <= 0 && !this.#stopping.signal.aborted) {
      void feed
        .stop()
        .then(() => channel.requeue([hold.tag], false))
        .catch(() => {});
      return;
    }
    this.#settler.hold(delivery);
    this.#sink?.deliver(delivery);
  }
}
