import type { QueuePayload } from '../contract/backend.ts';
import { ConfigurationError, UnsupportedError } from '../contract/errors.ts';
import type { DeadLetterReason, MessageMetadata, QueueMessage } from '../contract/message.ts';
import { deadLetterReason } from './dead-letter-reason.ts';
import type { Delivery } from './delivery-source.ts';
import type { Settlement } from './settlement.ts';

/** A message as the consumer receives it. */
export class DeliveredMessage<D extends Delivery = Delivery> implements QueueMessage {
  readonly payload: QueuePayload;
  readonly metadata: MessageMetadata;
  readonly #settlement: Settlement<D>;

  constructor(settlement: Settlement<D>) {
    const { delivery } = settlement;
    this.payload = delivery.payload;
    this.metadata = delivery.metadata;
    this.#settlement = settlement;
  }

  get signal(): AbortSignal {
    return this.#settlement.signal;
  }

  ack(): Promise<void> {
    return this.#settlement.ack();
  }

  nack(options: { delayMs?: number } = {}): Promise<void> {
    const { delayMs = 0 } = options;
    if (!Number.isFinite(delayMs) || delayMs < 0) {
      return Promise.reject(
        new ConfigurationError(
          `delayMs is ${delayMs}: use a number of milliseconds, at least 0 (for example { delayMs: 1000 })`,
        ),
      );
    }
    return this.#settlement.nack(delayMs);
  }

  deadLetter(reason: DeadLetterReason): Promise<void> {
    if (this.metadata.group === undefined) {
      return Promise.reject(
        new UnsupportedError(
          "an independent consumer has no dead letters: consume with a group (for example { group: 'orders' })",
        ),
      );
    }
    return this.#settlement.deadLetter(deadLetterReason(reason));
  }
}
