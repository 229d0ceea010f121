import { ConnectionError, LeaseLostError } from '@slack-mcp/core';
import { identityOf, type RabbitMQDelivery } from './rabbitmq-delivery.ts';

/**
 * Milliseconds after a reconnection during which a new message does not prove that other consumers received the
 * returned messages.
 */
const GRACE_MS = 500;

/**
 * Messages whose channel was lost before RabbitMQ received their settlement. RabbitMQ delivers an unsettled message
 * again. If this consumer receives a message again, it repeats the settlement. If a message can no longer arrive, or
 * does not arrive within `patienceMs`, either RabbitMQ received the settlement, or it delivered the message to another
 * consumer.
 */
export class Claims {
  readonly #waiting = new Map<string, RabbitMQDelivery>();
  readonly #lost = new WeakSet<RabbitMQDelivery>();
  readonly #patienceMs: number;
  #since: number | undefined;

  /** @param patienceMs - milliseconds in which RabbitMQ detects a lost connection and delivers its messages again */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Whether the subscription consumes, so that messages can arrive again. */
  get isWaiting(): boolean {
    return this.#since !== undefined;
  }

  /** Called when the subscription consumes again, to start waiting for the messages of lost channels. */
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
   * Gives up the messages of a queue after the arrival of a message that had never been delivered before. RabbitMQ
   * delivers returned messages first, so other consumers have received the messages that this consumer still waits for.
   */
  overtaken(queue: string): void {
    if (this.#waiting.size === 0 || this.#since === undefined || performance.now() - this.#since < GRACE_MS) return;
    this.giveUp(queue);
  }

  /** Gives up the messages of a queue, because they can no longer arrive. */
  giveUp(queue: string): void {
    for (const [key, delivery] of this.#waiting) {
      if (delivery.queue !== queue) continue;
      this.#waiting.delete(key);
      this.#lost.add(delivery);
    }
  }

  /**
   * Finds the earlier delivery of a redelivered message. Returns it if its settlement is pending, otherwise undefined.
   */
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
   * Checks whether the message of a settlement has been delivered to this consumer again.
   *
   * @throws ConnectionError - the message has not been delivered again yet
   * @throws LeaseLostError - the message does not arrive again
   */
  require(delivery: RabbitMQDelivery): void {
    if (delivery.hold.channel.isOpen) return;
    const key = keyOf(delivery);
    const isLost = this.#lost.has(delivery);
    if (!isLost) this.#waiting.set(key, delivery);
    if (!isLost && (this.#since === undefined || performance.now() - this.#since < this.#patienceMs)) {
      throw new ConnectionError(
        'the channel was lost: the settlement is repeated when RabbitMQ delivers the message again',
      );
    }
    this.#waiting.delete(key);
    throw new LeaseLostError(
      'the channel was lost: either RabbitMQ received the settlement, or it delivers the message to another consumer',
    );
  }

  clear(): void {
    this.#waiting.clear();
  }
}

function keyOf({ queue, metadata }: RabbitMQDelivery): string {
  return identityOf(queue, metadata.messageId, metadata.key);
}
