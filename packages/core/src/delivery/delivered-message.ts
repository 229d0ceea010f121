import type { QueuePayload } from '../contract/backend.ts';
import type { DeadLetter } from '../contract/dead-letters.ts';
import { ConfigurationError, LeaseLostError, UnsupportedError } from '../contract/errors.ts';
import type { DeadLetterReason, MessageMetadata, QueueMessage } from '../contract/message.ts';
import { type AckBatch, LEASE_LOST } from './ack-batch.ts';
import { deadLetterReason } from './dead-letter-reason.ts';
import type { Delivery } from './delivery-source.ts';

/** What a message in hand asks of its subscription. Each takes it out of the hand. */
export interface MessageOwner<D extends Delivery> {
  ack(message: DeliveredMessage<D>): AckBatch<D>;
  /** Sends the acks that wait. */
  hurry(): void;
  nack(message: DeliveredMessage<D>, delayMs: number): Promise<void>;
  deadLetter(message: DeliveredMessage<D>, reason: DeadLetter['reason']): Promise<void>;
  /** Puts it back in hand: settling it failed. */
  reopen(message: DeliveredMessage<D>): void;
}

/**
 * A message in hand. It is open, being settled, settled, or lost; settling it ends in one of the last two, or, when it
 * fails for another reason than a lost lease, in open.
 */
export class DeliveredMessage<D extends Delivery = Delivery> implements QueueMessage {
  readonly payload: QueuePayload;
  readonly metadata: MessageMetadata;
  readonly #delivery: D;
  readonly #owner: MessageOwner<D>;
  /** The settlement, under way or done. */
  #settlement: Promise<void> | undefined;
  /** Where the ack went that asking for the next message was. */
  #batch: AckBatch<D> | undefined;
  #lost: LeaseLostError | undefined;
  #controller: AbortController | undefined;

  constructor(delivery: D, owner: MessageOwner<D>) {
    this.payload = delivery.payload;
    this.metadata = delivery.metadata;
    this.#delivery = delivery;
    this.#owner = owner;
  }

  get delivery(): D {
    return this.#delivery;
  }

  // Created when asked for: most handlers never do, and a signal costs more than the message.
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#lost !== undefined) this.#controller.abort(this.#lost);
    }
    return this.#controller.signal;
  }

  ack(): Promise<void> {
    return this.#settle(() => {
      const batch = this.#owner.ack(this);
      this.#owner.hurry();
      return batch.outcome(this.#delivery, () => this.#owner.reopen(this));
    });
  }

  nack(options: { delayMs?: number } = {}): Promise<void> {
    const { delayMs = 0 } = options;
    if (!Number.isFinite(delayMs) || delayMs < 0) {
      return Promise.reject(
        new ConfigurationError(`delayMs is ${delayMs}: milliseconds of at least 0 (for example { delayMs: 1000 })`),
      );
    }
    return this.#settle(() => this.#owner.nack(this, delayMs));
  }

  deadLetter(reason: DeadLetterReason): Promise<void> {
    if (this.metadata.group === undefined) {
      return Promise.reject(
        new UnsupportedError('an independent consumer has no dead letters: consume with a group to have them'),
      );
    }
    return this.#settle(() => this.#owner.deadLetter(this, deadLetterReason(reason)));
  }

  /** Acks without anyone waiting for it. */
  ackSilently(): void {
    this.#batch = this.#owner.ack(this);
  }

  /** Another consumer's from now on. */
  lose(): void {
    this.#lost = new LeaseLostError(LEASE_LOST);
    this.#controller?.abort(this.#lost);
  }

  /** Open again: settling it failed. */
  reopen(): void {
    this.#settlement = undefined;
    this.#batch = undefined;
  }

  #settle(send: () => Promise<void>): Promise<void> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (this.#batch !== undefined && this.#settlement === undefined) {
      this.#owner.hurry();
      this.#settlement = this.#track(this.#batch.outcome(this.#delivery, () => this.#owner.reopen(this)));
    }
    this.#settlement ??= this.#track(send());
    return this.#settlement;
  }

  async #track(sent: Promise<void>): Promise<void> {
    try {
      await sent;
    } catch (error) {
      if (error instanceof LeaseLostError) this.lose();
      throw error;
    }
  }
}
