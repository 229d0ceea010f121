import type { RedisDelivery } from './redis-delivery.ts';

/** A message that this consumer holds: handed over, or kept until it is due again. */
export interface Holding {
  readonly id: string;
  /** When the lease was last known to begin, by `performance.now()`. */
  leasedAt: number;
  /** Undefined while it is kept. */
  delivery: RedisDelivery | undefined;
  /** Of one that is kept: when it is due, by `performance.now()`, and how often it is delivered with that time. */
  dueAt: number;
  deliveries: number;
  timer: NodeJS.Timeout | undefined;
}

/** Longer timers fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What a consumer holds of one stream. */
export class Holdings {
  readonly #byId = new Map<string, Holding>();
  readonly #onDue: () => void;
  readonly #onForgotten: () => void;
  readonly #due = new Set<Holding>();

  /**
   * @param onDue - called when a message that was kept is due
   * @param onForgotten - called when one is no longer held, or no longer as it was
   */
  constructor(onDue: () => void, onForgotten: () => void) {
    this.#onDue = onDue;
    this.#onForgotten = onForgotten;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Whether any was handed over and is not settled. */
  get inHand(): boolean {
    for (const { dueAt } of this.#byId.values()) if (dueAt === 0) return true;
    return false;
  }

  get hasDue(): boolean {
    return this.#due.size > 0;
  }

  get(id: string): Holding | undefined {
    return this.#byId.get(id);
  }

  values(): IterableIterator<Holding> {
    return this.#byId.values();
  }

  /** A message that is handed over. */
  hand(id: string, delivery: RedisDelivery | undefined, leasedAt: number): void {
    this.forget(id);
    this.#byId.set(id, { id, leasedAt, delivery, dueAt: 0, deliveries: 0, timer: undefined });
  }

  /** Keeps a message until it is due. */
  keep(id: string, dueInMs: number, deliveries: number, leasedAt: number): void {
    this.hand(id, undefined, leasedAt);
    const holding = this.#byId.get(id) as Holding;
    holding.deliveries = deliveries;
    holding.dueAt = performance.now() + dueInMs;
    this.#wait(holding);
  }

  forget(id: string): void {
    const holding = this.#byId.get(id);
    if (holding === undefined) return;
    clearTimeout(holding.timer);
    this.#due.delete(holding);
    this.#byId.delete(id);
    this.#onForgotten();
  }

  /** At most `most` messages that are due. */
  due(most: number): Holding[] {
    return [...this.#due].slice(0, most);
  }

  clear(): void {
    for (const id of this.#byId.keys()) this.forget(id);
  }

  #wait(holding: Holding): void {
    const remaining = holding.dueAt - performance.now();
    if (remaining <= 0) {
      this.#due.add(holding);
      this.#onDue();
      return;
    }
    // Timers may be early by a fraction of a millisecond.
    holding.timer = setTimeout(() => this.#wait(holding), Math.min(Math.ceil(remaining), LONGEST_TIMER_MS));
  }
}
