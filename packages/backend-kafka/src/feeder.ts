import type { DeliverySink } from '@slack-mcp/core/backend';
import { toDelivery } from './kafka-delivery.ts';
import type { KafkaDelivery, OpenMessage, PartitionTracker } from './partition-tracker.ts';

/** Delivers the messages of several partitions to a subscription, in turn. */
export class Feeder {
  readonly #sink: DeliverySink<KafkaDelivery>;
  readonly #group: string | undefined;
  readonly #onUndecodable: (tracker: PartitionTracker, message: OpenMessage, error: Error) => void;
  #trackers: PartitionTracker[] = [];
  #turn = 0;
  #isFeeding = false;
  #isStopped = false;

  /**
   * @param onUndecodable - called with a record that is not a valid message; the record stays open until it is settled
   */
  constructor(
    sink: DeliverySink<KafkaDelivery>,
    group: string | undefined,
    onUndecodable: (tracker: PartitionTracker, message: OpenMessage, error: Error) => void,
  ) {
    this.#sink = sink;
    this.#group = group;
    this.#onUndecodable = onUndecodable;
  }

  add(tracker: PartitionTracker): void {
    this.#trackers.push(tracker);
  }

  remove(tracker: PartitionTracker): void {
    this.#trackers = this.#trackers.filter((other) => other !== tracker);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Delivers messages until the subscription has no credits left. */
  feed(): void {
    // Handing over may free room at once.
    if (this.#isFeeding) return;
    this.#isFeeding = true;
    try {
      while (!this.#isStopped && this.#sink.free() > 0) {
        const tracker = this.#next();
        if (tracker === undefined) return;
        const message = tracker.take();
        if (message !== undefined) this.#deliver(tracker, message);
      }
    } finally {
      this.#isFeeding = false;
    }
  }

  #next(): PartitionTracker | undefined {
    const trackers = this.#trackers;
    for (let step = 1; step <= trackers.length; step += 1) {
      const index = (this.#turn + step) % trackers.length;
      const tracker = trackers[index] as PartitionTracker;
      if (!tracker.hasMessage) continue;
      this.#turn = index;
      return tracker;
    }
    return undefined;
  }

  #deliver(tracker: PartitionTracker, message: OpenMessage): void {
    let delivery: KafkaDelivery;
    try {
      delivery = toDelivery(tracker, message, this.#group);
    } catch (error) {
      this.#onUndecodable(tracker, message, error as Error);
      return;
    }
    tracker.hold(message, delivery);
    this.#sink.deliver(delivery);
  }
}
