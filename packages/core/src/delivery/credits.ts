import type { Delivery } from './delivery.ts';

/** Where credits come from. */
export interface CreditAccount<D> {
  /** Takes at most `most`; returns how many. */
  take(most: number): number;
  giveBack(count: number): void;
  /** Hands over with a credit that was taken, or without one. */
  deliver(delivery: D, credited: boolean): void;
}

/**
 * Room for deliveries that one reader has taken before it asks the broker. As long as it has them no other reader of the
 * subscription gets them, so all together never exceed `prefetch`.
 */
export class Credits<D extends Delivery = Delivery> {
  readonly #account: CreditAccount<D>;
  #left = 0;

  constructor(account: CreditAccount<D>) {
    this.#account = account;
  }

  /** How many deliveries may still be handed over. */
  get left(): number {
    return this.#left;
  }

  /** Takes more, up to `most` in all. Returns how many are left now: fewer than `most` where there is no room. */
  take(most: number): number {
    if (most > this.#left) this.#left += this.#account.take(most - this.#left);
    return this.#left;
  }

  /** Hands over and uses one credit. */
  deliver(delivery: D): void {
    const credited = this.#left > 0;
    if (credited) this.#left -= 1;
    this.#account.deliver(delivery, credited);
  }

  /** Returns what was not used. */
  giveBack(): void {
    const count = this.#left;
    this.#left = 0;
    if (count > 0) this.#account.giveBack(count);
  }
}
