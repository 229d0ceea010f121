import { DueQueue } from '@slack-mcp/core/backend';
import type { OpenMessage, PartitionTracker } from './partition-tracker.ts';

/** The messages of a consumer that are delivered or redelivered after a delay. */
export class Redelivery {
  readonly #onDue: () => void;
  readonly #due = new DueQueue<OpenMessage>(() => this.#repeat());
  readonly #trackers = new WeakMap<OpenMessage, PartitionTracker>();

  /** @param onDue - called after messages became due and were returned to their partitions */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  add(tracker: PartitionTracker, message: OpenMessage, delayMs: number): void {
    this.#trackers.set(message, tracker);
    this.#due.add(message, delayMs);
    if (this.#due.hasDue) this.#repeat();
  }

  clear(): void {
    this.#due.clear();
  }

  #repeat(): void {
    for (const message of this.#due.take(Number.POSITIVE_INFINITY)) {
      const tracker = this.#trackers.get(message);
      if (tracker?.isLost === false) tracker.repeat(message);
    }
    this.#onDue();
  }
}
