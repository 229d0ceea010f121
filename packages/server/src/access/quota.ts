/** Gives back what was taken. Idempotent. */
export type GiveBack = () => void;

/** What one request or stream of a caller holds; it can grow. */
export interface Holding {
  /** Takes so much more, or nothing where the caller may not have it. Not once it was released. */
  grow(amount: number): boolean;
  /** Gives all of it back. Idempotent. */
  release: GiveBack;
}

/**
 * Bounds how much of one thing callers hold at a time. No caller holds more than is left for the others: one alone has
 * half at most, the next one half of the rest, so that whoever comes still finds some. Where callers are not asked who
 * they are, all are one and share the whole.
 */
export class Quota {
  /** The most that all hold together. */
  readonly total: number;
  readonly #held = new Map<string, number>();
  #used = 0;

  /** @param total - the most that all hold together */
  constructor(total: number) {
    this.total = total;
  }

  /** How much all hold together. */
  get used(): number {
    return this.#used;
  }

  /** How much a caller holds. */
  heldBy(caller: string): number {
    return this.#held.get(caller) ?? 0;
  }

  /** Whether a caller may have so much more; of a negative amount, whether what it holds is not too much. */
  allows(caller: string | undefined, amount = 1): boolean {
    const left = this.total - this.#used - amount;
    return left >= 0 && (caller === undefined || this.heldBy(caller) + amount <= left + 1);
  }

  /**
   * Takes so much for a caller.
   *
   * @returns how to give it back; undefined: the caller may not have it
   */
  take(caller: string | undefined, amount = 1): GiveBack | undefined {
    const holding = this.hold(caller);
    return holding.grow(amount) ? holding.release : undefined;
  }

  /** Begins to hold something for a caller: nothing yet. */
  hold(caller: string | undefined): Holding {
    let held = 0;
    let isReleased = false;
    return {
      grow: (amount) => {
        if (isReleased || !this.allows(caller, amount)) return false;
        held += amount;
        this.add(caller, amount);
        return true;
      },
      release: () => {
        isReleased = true;
        this.add(caller, -held);
        held = 0;
      },
    };
  }

  /** Counts what a caller holds, within its bounds or not: for what is taken first and let go of afterwards. */
  add(caller: string | undefined, amount: number): void {
    this.#used += amount;
    if (caller === undefined) return;
    const held = this.heldBy(caller) + amount;
    if (held > 0) this.#held.set(caller, held);
    else this.#held.delete(caller);
  }
}
