import { LeaseLostError } from '../contract/errors.ts';

/** Acks that travel together. */
export class AckBatch<D> {
  readonly deliveries: D[] = [];
  readonly #outcome = Promise.withResolvers<readonly D[]>();
  #awaited: Map<D, () => void> | undefined;

  constructor() {
    this.#outcome.promise.catch(() => {});
  }

  /**
   * Resolves when the broker has the ack of `delivery`.
   *
   * @param reopen - called when it may not have it
   * @throws LeaseLostError - the broker says that it belongs to another consumer
   */
  async outcome(delivery: D, reopen: () => void): Promise<void> {
    this.#awaited ??= new Map();
    this.#awaited.set(delivery, reopen);
    const lost = await this.#outcome.promise;
    if (lost.includes(delivery)) throw new LeaseLostError(LEASE_LOST);
  }

  /** The broker has all but `lost`. */
  resolve(lost: readonly D[]): void {
    this.#outcome.resolve(lost);
  }

  /** Whether the broker has any is unknown. */
  reject(error: unknown): void {
    for (const reopen of this.#awaited?.values() ?? []) reopen();
    this.#outcome.reject(error);
  }

  /** How many of `deliveries` nobody awaits. */
  unnoticed(deliveries: readonly D[]): number {
    const awaited = this.#awaited;
    return awaited === undefined ? deliveries.length : deliveries.filter((delivery) => !awaited.has(delivery)).length;
  }
}

/** What the error says when a message is another consumer's. */
export const LEASE_LOST = 'this consumer no longer owns the message: it was or will be delivered again';
