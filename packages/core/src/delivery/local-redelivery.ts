import type { QueuePayload } from '../contract/queue-payload.ts';
import type { Credits } from './credits.ts';
import type { Delivery } from './delivery.ts';
import { DueQueue } from './due-queue.ts';

/**
 * The messages that an independent consumer nacked. The broker keeps no state of an independent consumer, so the source
 * itself delivers its nacked messages again. Deliveries must be plain objects.
 */
export class LocalRedelivery<D extends Delivery> {
  readonly #decode: (delivery: D) => QueuePayload;
  readonly #nacked: DueQueue<D>;

  /**
   * @param decode - decodes the payload of a delivery again, because the consumer may have changed the first copy
   * @param onDue - called when a message becomes due
   */
  constructor(decode: (delivery: D) => QueuePayload, onDue: () => void) {
    this.#decode = decode;
    this.#nacked = new DueQueue(onDue);
  }

  /** Whether a message is due now. */
  get hasDue(): boolean {
    return this.#nacked.hasDue;
  }

  /** Delivers a message again after at least `delayMs` milliseconds. */
  nack(delivery: D, delayMs: number): void {
    this.#nacked.add(delivery, delayMs);
  }

  /** Delivers the messages that are due, as far as the credits allow. */
  deliverDue(credits: Credits<D>): void {
    for (const nacked of this.#nacked.take(credits.left)) {
      const { retryCount, deliveryCount } = nacked.metadata;
      const metadata = { ...nacked.metadata, retryCount: retryCount + 1, deliveryCount: deliveryCount + 1 };
      credits.deliver({ ...nacked, payload: this.#decode(nacked), metadata });
    }
  }

  clear(): void {
    this.#nacked.clear();
  }
}
