import { DueQueue } from '@slack-mcp/core/backend';
import type { RedisDelivery } from './redis-delivery.ts';

/** A message that this consumer holds: handed over, or kept until it is due again. */
export interface Holding {
  readonly id: string;
  /** When the lease was last known to begin, by `performance.now()`. */
  leasedAt: number;
  /** Undefined while it is kept. */
  readonly delivery: RedisDelivery | undefined;
}

/** What a consumer holds of one stream. */
export class Holdings {
  readonly #byId = new Map<string, Holding>();
  readonly #kept: DueQueue<string>;

  /** @param onDue - called when a message that was kept is due */
  constructor(onDue: () => void) {
    this.#kept = new DueQueue(onDue);
  }

  get hasDue(): boolean {
    return this.#kept.hasDue;
  }

  get(id: string): Holding | undefined {
    return this.#byId.get(id);
  }

  values(): IterableIterator<Holding> {
    return this.#byId.values();
  }

  /** A message that is handed over; without a delivery until it is decoded. */
  hand(id: string, delivery: RedisDelivery | undefined, leasedAt: number): void {
    this.#kept.remove(id);
    this.#byId.set(id, { id, leasedAt, delivery });
  }

  /** Keeps a message until it is due. */
  keep(id: string, dueInMs: number, leasedAt: number): void {
    this.#byId.set(id, { id, leasedAt, delivery: undefined });
    this.#kept.add(id, dueInMs);
  }

  forget(id: string): void {
    this.#kept.remove(id);
    this.#byId.delete(id);
  }

  /** Whole milliseconds until a message is due; 0 when it is not kept. */
  dueInMs(id: string): number {
    return Math.ceil(this.#kept.dueInMs(id) ?? 0);
  }

  /** Takes at most `most` messages that are due. They are still held. */
  takeDue(most: number): string[] {
    return this.#kept.take(most);
  }

  clear(): void {
    this.#byId.clear();
    this.#kept.clear();
  }
}
