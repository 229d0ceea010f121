import { randomUUID } from 'node:crypto';
import { UnsupportedError } from '@slack-mcp/core';
import {
  type Credits,
  type DeliverySink,
  type DeliverySource,
  LocalRedelivery,
  type ResolvedConsumeOptions,
  retryUntil,
} from '@slack-mcp/core/backend';
import type { ConsumeMessage } from 'amqplib';
import { withChannel } from './channel.ts';
import type { RabbitMQClient } from './client.ts';
import { ConsumeChannel } from './consume-channel.ts';
import { decodeContent } from './message-codec.ts';
import type { ResolvedOptions } from './options.ts';
import { type RabbitMQDelivery, toDelivery } from './rabbitmq-delivery.ts';
import { toQueueError } from './rabbitmq-error.ts';

/**
 * An independent consumer. The queue of an independent consumer is exclusive and ends with its connection, so retries
 * wait in the process and not in RabbitMQ.
 */
export class IndependentSubscriber implements DeliverySource<RabbitMQDelivery> {
  readonly #client: RabbitMQClient;
  readonly #options: ResolvedOptions;
  readonly #consume: ResolvedConsumeOptions;
  readonly #stopping = new AbortController();
  readonly #nacked = new LocalRedelivery<RabbitMQDelivery>(
    ({ message }) => decodeContent(message),
    () => this.pull(),
  );
  #sink: DeliverySink<RabbitMQDelivery> | undefined;
  #credits: Credits<RabbitMQDelivery> | undefined;
  #channel: ConsumeChannel | undefined;
  #consumers: string[] = [];

  constructor(client: RabbitMQClient, options: ResolvedOptions, consume: ResolvedConsumeOptions) {
    this.#client = client;
    this.#options = options;
    this.#consume = consume;
  }

  async open(sink: DeliverySink<RabbitMQDelivery>, signal: AbortSignal): Promise<void> {
    this.#sink = sink;
    this.#credits = sink.credits();
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    await this.#establish();
    void this.#supervise();
  }

  pull(): void {
    if (this.#stopping.signal.aborted || !this.#nacked.hasDue) return;
    const credits = this.#credits as Credits<RabbitMQDelivery>;
    credits.take(this.#consume.prefetch);
    this.#nacked.deliverDue(credits);
    credits.giveBack();
  }

  async ack(deliveries: readonly RabbitMQDelivery[]): Promise<readonly RabbitMQDelivery[]> {
    for (const delivery of deliveries) this.#settle(delivery);
    return [];
  }

  async nack(delivery: RabbitMQDelivery, { delayMs }: { delayMs: number }): Promise<void> {
    this.#settle(delivery);
    this.#nacked.nack(delivery, delayMs);
  }

  async deadLetter(): Promise<void> {
    throw new UnsupportedError('an independent consumer has no dead letters: consume with a group to use dead letters');
  }

  async release(): Promise<void> {}

  async close(): Promise<void> {
    this.#stop();
    this.#nacked.clear();
    // The queue is deleted with its last consumer.
    await Promise.all(this.#consumers.map((tag) => this.#channel?.cancel(tag).catch(() => {})));
    await this.#channel?.close();
  }

  #stop(): void {
    this.#stopping.abort();
  }

  #settle(delivery: RabbitMQDelivery): void {
    // If the channel was lost, the queue is gone, too.
    delivery.hold.channel.ackSoon(delivery.hold.tag);
  }

  #establish(): Promise<void> {
    const { retryDelayMs: initialDelayMs } = this.#options;
    return retryUntil(() => this.#attempt(), { initialDelayMs, signal: this.#stopping.signal });
  }

  async #attempt(): Promise<void> {
    const { consuming, topology } = this.#client;
    const { keys, prefetch } = this.#consume;
    const queue = topology.names.independent(randomUUID());
    let channel: ConsumeChannel | undefined;
    if (this.#stopping.signal.aborted) return;
    try {
      const connection = await consuming.open();
      await withChannel(connection, 'declaring the queue of an independent consumer', async (amqp) => {
        await topology.exchange(amqp);
        await topology.independentQueue(amqp, queue, keys);
      });
      channel = await ConsumeChannel.open(connection);
      this.#channel = channel;
      const opened = channel;
      this.#consumers = [await channel.consume(queue, prefetch, (message) => this.#receive(message, queue, opened))];
      if (this.#stopping.signal.aborted) await channel.close();
    } catch (cause) {
      channel?.abandon();
      throw toQueueError(cause, `consuming ${keys.join(', ')}`, this.#options.endpoint);
    }
  }

  async #supervise(): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      await this.#channel?.ended;
      if (signal.aborted) return;
      const { keys } = this.#consume;
      const err = toQueueError(this.#channel?.problem, `consuming ${keys.join(', ')}`, this.#options.endpoint);
      this.#options.logger.warn({ err }, 'queue_channel_lost');
      try {
        await this.#establish();
      } catch (error) {
        if (!signal.aborted) this.#sink?.fail(error as Error);
        return;
      }
    }
  }

  #receive(message: ConsumeMessage, queue: string, channel: ConsumeChannel): void {
    const hold = { channel, tag: message.fields.deliveryTag };
    try {
      this.#sink?.deliver(toDelivery(message, { queue, group: undefined, hold }));
    } catch (err) {
      this.#options.logger.warn({ key: message.fields.routingKey, err }, 'queue_message_undecodable');
      channel.ackSoon(hold.tag);
    }
  }
}
