/** Returns the taken amount to the quota. Idempotent. */
export type GiveBack = () => void;

/** The amount of a quota that one request or stream of a caller holds. The amount can grow. */
export interface Holding {
  /**
   * Adds an amount to the holding. Returns `false` and adds nothing if the caller may not have that much, or if the
   * holding was released.
   */
  grow(amount: number): boolean;
  /** Returns the whole amount to the quota. Idempotent. */
  release: GiveBack;
}

/**
 * Limits how much of a resource callers hold at a time. Each caller can hold at most half of what the other callers
 * leave free: the first caller gets at most half of the total, and the next caller half of the rest, so that a new
 * caller always gets a share. Without authentication, all callers share the whole quota.
 */
export class Quota {
  /** The maximum amount that all callers may hold together. */
  readonly total: number;
  readonly #held = new Map<string, number>();
  #used = 0;

  /** @param total - the maximum amount that all callers may hold together */
  constructor(total: number) {
    this.total = total;
  }

  /** The amount that all callers hold together. */
  get used(): number {
    return this.#used;
  }

  /** Returns the amount that a caller holds. */
  heldBy(caller: string): number {
    return this.#held.get(caller) ?? 0;
  }

  /** Whether a caller may take an amount. A negative amount checks whether the caller already holds too much. */
  allows(caller: string | undefined, amount = 1): boolean {
    const left = this.total - this.#used - amount;
    return left >= 0 && (caller === undefined || this.heldBy(caller) + amount <= left + 1);
  }

  /**
   * Takes an amount for a caller.
   *
   * @returns a function that returns the amount to the quota; undefined if the caller may not have the amount
   */
  take(caller: string | undefined, amount = 1): GiveBack | undefined {
    const holding = this.hold(caller);
    return holding.grow(amount) ? holding.release : undefined;
  }

  /** Starts an empty holding for a caller. */
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

  /**
   * Counts an amount without checking the limits, for code that exceeds the quota briefly and then releases the excess.
   */
  add(caller: string | undefined, amount: number): void {
    this.#used += amount;
    if (caller === undefined) return;
    const held = this.heldBy(caller) + amount;
    if (held > 0) this.#held.set(caller, held);
    else this.#held.delete(caller);
  }
}
