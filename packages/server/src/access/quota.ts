/** Returns the taken amount to the quota. Idempotent. */
export type GiveBack = () => void;

/** What one request or stream of a caller holds. It can grow. */
export interface Holding {
  /** Takes more. Takes nothing if the caller may not have that much, or if the holding was released. */
  grow(amount: number): boolean;
  /** Returns everything to the quota. Idempotent. */
  release: GiveBack;
}

/**
 * Limits how much of a resource callers hold at a time. A caller can hold at most as much as it leaves free: a single
 * caller gets at most half, the next caller half of the rest, so that something always remains for a new caller.
 * Without authentication, all callers share the whole quota.
 */
export class Quota {
  /** The maximum that all callers hold together. */
  readonly total: number;
  readonly #held = new Map<string, number>();
  #used = 0;

  /** @param total - the maximum that all callers hold together */
  constructor(total: number) {
    this.total = total;
  }

  /** How much all callers hold together. */
  get used(): number {
    return this.#used;
  }

  /** How much a caller holds. */
  heldBy(caller: string): number {
    return this.#held.get(caller) ?? 0;
  }

  /** Whether a caller may take more. A negative amount checks whether the caller already holds too much. */
  allows(caller: string | undefined, amount = 1): boolean {
    const left = this.total - this.#used - amount;
    return left >= 0 && (caller === undefined || this.heldBy(caller) + amount <= left + 1);
  }

  /**
   * Takes an amount for a caller.
   *
   * @returns a function that gives the amount back; undefined if the caller may not have it
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

  /** Counts an amount without checking the limits: for code that takes first and releases the excess later. */
  add(caller: string | undefined, amount: number): void {
    this.#used += amount;
    if (caller === undefined) return;
    const held = this.heldBy(caller) + amount;
    if (held > 0) this.#held.set(caller, held);
    else this.#held.delete(caller);
  }
}
