import { DueQueue } from '@slack-mcp/core/backend';
import type { RedisDelivery } from './redis-delivery.ts';

/** A message that Redis has assigned to this consumer, either delivered or kept until it is due again. */
export interface Holding {
  readonly id: string;
  /** The last known time at which the lease began or was extended, on the clock of `performance.now()`. */
  leasedAt: number;
  /** The current delivery; `undefined` while the message is kept until it is due. */
  readonly delivery: RedisDelivery | undefined;
}

/** The messages of one stream that Redis has assigned to this consumer. */
export class Holdings {
  readonly #byId = new Map<string, Holding>();
  readonly #kept: DueQueue<string>;

  /** @param onDue - called when a kept message is due */
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

  /** Adds a message that is about to be delivered. `delivery` is undefined until the message is decoded. */
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

  /** Returns the whole number of milliseconds until a message is due, or 0 if the message is not kept. */
  dueInMs(id: string): number {
    return Math.ceil(this.#kept.dueInMs(id) ?? 0);
  }

  /** Takes up to `most` messages that are due. At Redis, the taken messages stay assigned to this consumer. */
  takeDue(most: number): string[] {
    return this.#kept.take(most);
  }

  clear(): void {
    this.#byId.clear();
    this.#kept.clear();
  }
}
