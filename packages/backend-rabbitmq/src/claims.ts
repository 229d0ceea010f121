import { ConnectionError, LeaseLostError } from '@slack-mcp/core';
import { identityOf, type RabbitMQDelivery } from './rabbitmq-delivery.ts';

/** Milliseconds after a reconnection in which a new message does not show that the returned ones are gone. */
const GRACE_MS = 500;

/**
 * Messages whose channel was lost before RabbitMQ received their settlement. RabbitMQ delivers each of these messages
 * again. If this consumer receives the message, it then carries out the settlement. Otherwise, after a while, the
 * message counts as delivered to another consumer.
 */
export class Claims {
  readonly #waiting = new Map<string, RabbitMQDelivery>();
  readonly #lost = new WeakSet<RabbitMQDelivery>();
  readonly #patienceMs: number;
  #since: number | undefined;

  /** @param patienceMs - time in which RabbitMQ notices that a connection is lost and delivers its messages again */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Called when the subscription consumes again, so that messages can return from now on. */
  resumed(): void {
    this.#since = performance.now();
  }

  interrupted(): void {
    this.#since = undefined;
  }

  add(delivery: RabbitMQDelivery): void {
    this.#waiting.set(keyOf(delivery), delivery);
  }

  /**
   * A message that was never delivered before arrived from a queue. RabbitMQ delivers returned messages first, so that
   * other consumers have received those that this consumer still waits for.
   */
  overtaken(queue: string): void {
    if (this.#waiting.size === 0 || this.#since === undefined || performance.now() - this.#since < GRACE_MS) return;
    for (const [key, delivery] of this.#waiting) {
      if (delivery.queue !== queue) continue;
      this.#waiting.delete(key);
      this.#lost.add(delivery);
    }
  }

  /** Gives a message that was delivered again to its pending settlement. Returns that, if there is any. */
  match(again: RabbitMQDelivery): RabbitMQDelivery | undefined {
    if (this.#waiting.size === 0 || !again.message.fields.redelivered) return undefined;
    const key = keyOf(again);
    const delivery = this.#waiting.get(key);
    if (delivery === undefined) return undefined;
    this.#waiting.delete(key);
    delivery.hold = again.hold;
    return delivery;
  }

  /**
   * Checks that a settlement can be attempted now.
   *
   * @throws ConnectionError - the message has not been delivered again yet
   * @throws LeaseLostError - the message belongs to another consumer
   */
  require(delivery: RabbitMQDelivery): void {
    if (delivery.hold.channel.isOpen) return;
    const key = keyOf(delivery);
    const isLost = this.#lost.has(delivery);
    if (!isLost) this.#waiting.set(key, delivery);
    if (!isLost && (this.#since === undefined || performance.now() - this.#since < this.#patienceMs)) {
      throw new ConnectionError('the channel was lost; the settlement waits until RabbitMQ delivers the message again');
    }
    this.#waiting.delete(key);
    throw new LeaseLostError('the channel was lost, and another consumer received the message');
  }

  clear(): void {
    this.#waiting.clear();
  }
}

function keyOf({ queue, metadata }: RabbitMQDelivery): string {
  return identityOf(queue, metadata.messageId, metadata.key);
}
