import type { DeadLetter } from '../contract/dead-letters.ts';
import { LeaseLostError, QueueTimeoutError } from '../contract/errors.ts';
import type { Delivery } from './delivery-source.ts';

/**
 * The subscription that a message belongs to. After the first call of `ack`, `nack` or `deadLetter`, the message is no
 * longer in flight.
 */
export interface MessageOwner<D extends Delivery> {
  /** Maximum time in milliseconds that a caller waits for a settlement. */
  readonly timeoutMs: number;
  ack(settlement: Settlement<D>): void;
  /** Sends the waiting acks without waiting for a full batch. */
  hurry(): void;
  nack(settlement: Settlement<D>, delayMs: number): void;
  deadLetter(settlement: Settlement<D>, reason: DeadLetter['reason']): void;
}

/**
 * The state of a message: `in-flight` until the consumer calls a settlement, `settling` until the broker confirms the
 * settlement, then `settled`. The state is `lost` if the broker delivers the message again.
 */
type State = 'in-flight' | 'settling' | 'settled' | 'lost';

/**
 * The settlement of a message that was delivered to the consumer, until the message is settled or lost. It is separate
 * from the message, so that the payload does not stay in memory until the broker confirms the settlement.
 */
export class Settlement<D extends Delivery = Delivery> {
  readonly delivery: D;
  readonly #owner: MessageOwner<D>;
  #state: State = 'in-flight';
  #lost: LeaseLostError | undefined;
  /** The promise that callers wait for. The first caller creates the promise, and a timeout rejects and removes it. */
  #outcome: PromiseWithResolvers<void> | undefined;
  #deadline: number | undefined;
  #controller: AbortController | undefined;

  constructor(delivery: D, owner: MessageOwner<D>) {
    this.delivery = delivery;
    this.#owner = owner;
  }

  get isInFlight(): boolean {
    return this.#state === 'in-flight';
  }

  get isLost(): boolean {
    return this.#state === 'lost';
  }

  /** Whether a caller is waiting for the settlement. */
  get isAwaited(): boolean {
    return this.#outcome !== undefined;
  }

  // Created on demand: most handlers never use it, and a signal costs more than the message.
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#lost !== undefined) this.#controller.abort(this.#lost);
    }
    return this.#controller.signal;
  }

  ack(): Promise<void> {
    return this.#settle(() => this.#owner.ack(this));
  }

  nack(delayMs: number): Promise<void> {
    return this.#settle(() => this.#owner.nack(this, delayMs));
  }

  deadLetter(reason: DeadLetter['reason']): Promise<void> {
    return this.#settle(() => this.#owner.deadLetter(this, reason));
  }

  /** Acks the message without a caller that waits for the outcome. */
  ackSilently(): void {
    this.#state = 'settling';
    this.#owner.ack(this);
  }

  /** Resolves the promise of waiting callers after the broker has confirmed the settlement. */
  settled(): void {
    this.#state = 'settled';
    this.#outcome?.resolve();
  }

  /**
   * Records that the broker refused the settlement temporarily or did not answer. Rejects the promise of waiting
   * callers if their timeout has expired.
   */
  delayed(cause: unknown): void {
    if (this.#outcome === undefined || this.#deadline === undefined || performance.now() < this.#deadline) return;
    const outcome = this.#outcome;
    this.#outcome = undefined;
    outcome.reject(
      new QueueTimeoutError(
        `the broker did not confirm the settlement within ${this.#owner.timeoutMs} ms; the subscription keeps trying`,
        { cause },
      ),
    );
  }

  /**
   * Marks the message as lost: the broker delivers the message again. `cause` is the error for waiting callers, if it
   * is more specific than the default.
   */
  lose(cause?: Error): void {
    if (this.#state === 'settled' || this.#state === 'lost') return;
    this.#lost = new LeaseLostError(LEASE_LOST, { cause });
    this.#state = 'lost';
    this.#controller?.abort(this.#lost);
    this.#outcome?.reject(cause ?? this.#lost);
  }

  #settle(begin: () => void): Promise<void> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (this.#state === 'settled') return Promise.resolve();
    if (this.#outcome === undefined) {
      this.#outcome = Promise.withResolvers();
      this.#deadline = performance.now() + this.#owner.timeoutMs;
    }
    const { promise } = this.#outcome;
    if (this.#state === 'in-flight') {
      this.#state = 'settling';
      begin();
    }
    this.#owner.hurry();
    return promise;
  }
}

/** The error message for a settlement after the consumer has lost the message. */
export const LEASE_LOST = 'this consumer no longer owns the message: it was or will be delivered again';
