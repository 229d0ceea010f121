import type { GetMessage } from 'amqplib';
import type { SupervisedChannel } from '../channel.ts';

/** A message that RabbitMQ keeps for this process until it is acked. */
export interface Taken {
  readonly channel: SupervisedChannel;
  readonly message: GetMessage;
}

/** Half of what RabbitMQ 4.0 and later allow by default before they drop a message. */
const MAX_DELIVERIES = 10;

/**
 * Messages that cannot be put back any more. A quorum queue, the default type of some virtual hosts, counts how often a
 * message was put back, and drops it after 20 times. Such a message stays here until it is taken.
 */
export class HeldMessages {
  readonly #messages = new Map<string, Taken>();

  /** The first message of a queue, if it is here. */
  get(queue: string): Taken | undefined {
    const held = this.#messages.get(queue);
    if (held === undefined || held.channel.isOpen) return held;
    // RabbitMQ has put it back.
    this.#messages.delete(queue);
    return undefined;
  }

  /** Keeps a message that is here already, or that has been put back too often. Returns whether it is kept. */
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
