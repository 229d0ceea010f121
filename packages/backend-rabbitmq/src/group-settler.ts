import { ConnectionError, type DeadLetter, isQueueError, SerializationError } from '@slack-mcp/core';
import type { ConsumeMessage } from 'amqplib';
import { Claims } from './claims.ts';
import type { RabbitMQClient } from './client.ts';
import type { ConsumeChannel } from './consume-channel.ts';
import { decodeMessage, encodeAgain } from './message-codec.ts';
import type { ResolvedOptions } from './options.ts';
import { encodeParked } from './parked-message.ts';
import type { Hold, RabbitMQDelivery } from './rabbitmq-delivery.ts';
import { toQueueError } from './rabbitmq-error.ts';
import { retryDelayMs } from './retry-delay.ts';

/** Milliseconds to wait before an undecodable message that could not be parked is returned to its queue. */
const PARK_AGAIN_MS = 1_000;

/** Settles the messages of a group member. */
export class GroupSettler {
  readonly claims: Claims;
  readonly #client: RabbitMQClient;
  readonly #options: ResolvedOptions;
  readonly #group: string;
  readonly #hasAll: (queue: string) => Promise<boolean>;
  readonly #unsettled = new Set<RabbitMQDelivery>();

  /** @param hasAll - whether no message that was returned to a queue can still arrive at this consumer */
  constructor(
    client: RabbitMQClient,
    options: ResolvedOptions,
    { group, hasAll }: { group: string; hasAll: (queue: string) => Promise<boolean> },
  ) {
    this.#client = client;
    this.#options = options;
    this.#group = group;
    this.#hasAll = hasAll;
    // RabbitMQ closes a silent connection after two to three heartbeats.
    this.claims = new Claims(3 * options.heartbeatMs + 2_000);
  }

  /** Records a delivered message. */
  hold(delivery: RabbitMQDelivery): void {
    this.#unsettled.add(delivery);
  }

  /**
   * Removes the messages of a lost channel. Returns the messages whose settlement has not begun. Other consumers may
   * now receive these messages.
   */
  lose(channel: ConsumeChannel): RabbitMQDelivery[] {
    this.claims.interrupted();
    const ours = [...this.#unsettled].filter(({ hold }) => hold.channel === channel);
    for (const delivery of ours) {
      if (delivery.settling) this.claims.add(delivery);
      else this.#unsettled.delete(delivery);
    }
    return ours.filter(({ settling }) => !settling);
  }

  /**
   * Whether a message that was delivered again belongs to a pending settlement. If only the ack of the settlement is
   * missing, the ack is sent at once.
   */
  settleClaimed(again: RabbitMQDelivery): boolean {
    const delivery = this.claims.match(again);
    if (delivery === undefined) return false;
    this.#unsettled.add(delivery);
    if (!delivery.moved && !delivery.acking) return true;
    delivery.done = true;
    this.#unsettled.delete(delivery);
    delivery.hold.channel.ackSoon(delivery.hold.tag);
    return true;
  }

  async ack(deliveries: readonly RabbitMQDelivery[]): Promise<readonly RabbitMQDelivery[]> {
    const lost: RabbitMQDelivery[] = [];
    const open: RabbitMQDelivery[] = [];
    let waiting: unknown;
    for (const delivery of deliveries) {
      delivery.settling = true;
      delivery.acking = true;
    }
    await this.#reviewClaims(deliveries);
    for (const delivery of deliveries) {
      if (delivery.done) continue;
      try {
        this.claims.require(delivery);
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

  async nack(delivery: RabbitMQDelivery, delayMs: number): Promise<void> {
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

  async park(delivery: RabbitMQDelivery, reason: DeadLetter['reason']): Promise<void> {
    const { message, metadata, queue } = delivery;
    delivery.parked ??= encodeParked(message, metadata, { id: this.#client.parkingId(), queue, reason });
    const options = delivery.parked;
    await this.#move(delivery, 'parking', () => this.#client.republisher.park(this.#group, message.content, options));
  }

  async release(deliveries: readonly RabbitMQDelivery[], begun: boolean): Promise<void> {
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
      if (channel.isOpen) await this.#requeue(channel, ours, begun).catch(() => {});
    }
  }

  /** Parks a message whose content is not a JSON object, for example because another program sent it. */
  async parkUndecodable(queue: string, message: ConsumeMessage, hold: Hold, error: unknown): Promise<void> {
    const group = this.#group;
    const { logger, endpoint } = this.#options;
    try {
      if (!(error instanceof SerializationError)) throw error;
      const { name, message: text } = error;
      const record = { id: this.#client.parkingId(), queue, reason: { code: 'UNDECODABLE', name, message: text } };
      const options = encodeParked(message, decodeMessage(message), record);
      await this.#client.republisher.park(group, message.content, options);
      await hold.channel.ack([hold.tag]);
      logger.warn({ key: message.fields.routingKey, group, err: error }, 'queue_message_undecodable');
    } catch (cause) {
      logger.warn({ group, err: toQueueError(cause, 'parking a message', endpoint) }, 'queue_dead_letter_failed');
      setTimeout(() => hold.channel.requeue([hold.tag], false).catch(() => {}), PARK_AGAIN_MS);
    }
  }

  /** Publishes a copy of a message to another queue, then acks the message. */
  async #move(delivery: RabbitMQDelivery, doing: string, store: () => Promise<void>): Promise<void> {
    delivery.settling = true;
    try {
      await this.#reviewClaims([delivery]);
      if (delivery.done) return;
      this.claims.require(delivery);
      if (!delivery.moved) await store();
      delivery.moved = true;
      await this.#ackHeld([delivery]);
    } catch (cause) {
      const { key } = delivery.metadata;
      throw toQueueError(cause, `${doing} a message of ${key}`, this.#options.endpoint);
    }
  }

  /**
   * Gives up the settlements whose messages cannot arrive again, instead of waiting for the `patienceMs` of {@link
   * Claims}.
   */
  async #reviewClaims(deliveries: readonly RabbitMQDelivery[]): Promise<void> {
    if (this.claims.size === 0 || !this.claims.isWaiting) return;
    const missing = deliveries.filter(({ done, hold }) => !done && !hold.channel.isOpen);
    for (const queue of new Set(missing.map(({ queue }) => queue))) {
      if (await this.#hasAll(queue).catch(() => false)) this.claims.giveUp(queue);
    }
  }

  async #requeue(channel: ConsumeChannel, deliveries: readonly RabbitMQDelivery[], begun: boolean): Promise<void> {
    const tags = deliveries.map(({ hold }) => hold.tag);
    await channel.requeue(tags, begun);
    for (const [queue, ours] of Map.groupBy(deliveries, (delivery) => delivery.queue)) {
      await channel.untilBack(queue, ours.length);
    }
  }

  async #ackHeld(deliveries: readonly RabbitMQDelivery[]): Promise<void> {
    for (const [channel, ours] of byChannel(deliveries)) {
      try {
        await channel.ack(ours.map(({ hold }) => hold.tag));
      } catch (cause) {
        // Whatever closed the channel, the messages are delivered again.
        throw new ConnectionError(
          `acking as ${this.#group} at ${this.#options.endpoint}: the channel was lost; the ack is repeated when RabbitMQ delivers the message again`,
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
}

/** Groups deliveries by their channels. Almost always there is only one channel. */
function byChannel(
  deliveries: readonly RabbitMQDelivery[],
): Iterable<readonly [ConsumeChannel, readonly RabbitMQDelivery[]]> {
  const [first] = deliveries;
  if (first === undefined) return [];
  const { channel } = first.hold;
  if (deliveries.every(({ hold }) => hold.channel === channel)) return [[channel, deliveries]];
  return Map.groupBy(deliveries, ({ hold }) => hold.channel);
}
