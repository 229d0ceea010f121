import type { DeliverySink } from '@slack-mcp/core/backend';
import { toDelivery } from './kafka-delivery.ts';
import type { KafkaDelivery, OpenMessage, PartitionTracker } from './partition-tracker.ts';
import { dueInMs } from './retry-record.ts';

/** Handles the messages that cannot be delivered at the moment. These messages stay unsettled. */
export interface FeederHost {
  /** Called with a record that is not a valid message. */
  onUndecodable(tracker: PartitionTracker, message: OpenMessage, error: Error): void;
  /** Called with a message that is due later. */
  onEarly(tracker: PartitionTracker, message: OpenMessage, dueInMs: number): void;
}

/** Delivers the messages of several partitions to a subscription, in turn. */
export class Feeder {
  readonly #sink: DeliverySink<KafkaDelivery>;
  readonly #group: string | undefined;
  readonly #host: FeederHost;
  #trackers: PartitionTracker[] = [];
  #turn = 0;
  #isFeeding = false;
  #isStopped = false;

  constructor(sink: DeliverySink<KafkaDelivery>, group: string | undefined, host: FeederHost) {
    this.#sink = sink;
    this.#group = group;
    this.#host = host;
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
        if (message === undefined) continue;
        const waitMs = dueInMs(message);
        if (waitMs > 0) this.#host.onEarly(tracker, message, waitMs);
        else this.#deliver(tracker, message);
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
      this.#host.onUndecodable(tracker, message, error as Error);
      return;
    }
    tracker.hold(message, delivery);
    this.#sink.deliver(delivery);
  }
}
