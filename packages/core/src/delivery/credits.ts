import type { Delivery } from './delivery.ts';

/** The prefetch slots of a subscription, which {@link Credits} reserves. */
export interface CreditAccount<D> {
  /** Reserves at most `most` slots and returns how many it reserved. */
  take(most: number): number;
  giveBack(count: number): void;
  /** Passes a delivery to the subscription. `credited`: whether the reader reserved a slot for the delivery. */
  deliver(delivery: D, credited: boolean): void;
}

/**
 * Reserves prefetch slots for one reader before it requests deliveries from the broker. No other reader of the
 * subscription can use the reserved slots, so all readers together never exceed `prefetch`.
 */
export class Credits<D extends Delivery = Delivery> {
  readonly #account: CreditAccount<D>;
  #left = 0;

  constructor(account: CreditAccount<D>) {
    this.#account = account;
  }

  /** Number of deliveries that the reader may still pass to the subscription. */
  get left(): number {
    return this.#left;
  }

  /**
   * Reserves slots until the reader has `most` credits. Returns the number of credits that the reader has now, which is
   * smaller than `most` if not enough slots are free.
   */
  take(most: number): number {
    if (most > this.#left) this.#left += this.#account.take(most - this.#left);
    return this.#left;
  }

  /** Passes a delivery to the subscription and uses one credit. */
  deliver(delivery: D): void {
    const credited = this.#left > 0;
    if (credited) this.#left -= 1;
    this.#account.deliver(delivery, credited);
  }

  /** Gives the unused credits back to the account. */
  giveBack(): void {
    const count = this.#left;
    this.#left = 0;
    if (count > 0) this.#account.giveBack(count);
  }
}
