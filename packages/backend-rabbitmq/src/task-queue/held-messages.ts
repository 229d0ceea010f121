import type { GetMessage } from 'amqplib';
import type { SupervisedChannel } from '../channel.ts';

/** A message that RabbitMQ keeps for this process until it is acked. */
export interface Taken {
  readonly channel: SupervisedChannel;
  readonly message: GetMessage;
}

/**
 * Number of deliveries after which a message is not put back again. Half of the default limit in RabbitMQ 4.0 and
 * later.
 */
const MAX_DELIVERIES = 10;

/**
 * Messages that must not be put back once more. A quorum queue counts how often a message is put back, and drops the
 * message after it has been put back 20 times. Instead of putting a message back too often, the process holds it until
 * it is taken.
 */
export class HeldMessages {
  readonly #messages = new Map<string, Taken>();

  /** Returns the first message of a queue, if this process holds it. */
  get(queue: string): Taken | undefined {
    const held = this.#messages.get(queue);
    if (held === undefined || held.channel.isOpen) return held;
    // RabbitMQ has put it back.
    this.#messages.delete(queue);
    return undefined;
  }

  /**
   * Holds a message that must not be put back once more, or that is already held. Returns whether the message is held.
   */
  keep(queue: string, taken: Taken): boolean {
    if (this.get(queue) === taken) return true;
    const deliveries: unknown = taken.message.properties.headers?.['x-delivery-count'];
    if (typeof deliveries !== 'number' || deliveries < MAX_DELIVERIES) return false;
    this.#messages.set(queue, taken);
    return true;
  }

  drop(queue: string, taken: Taken): void {
    if (this.#messages.get(queue) === taken) this.#messages.delete(queue);
  }
}
