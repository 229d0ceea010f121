import type { DeadLetter } from '@slack-mcp/core';
import type { DeliverySink, DeliverySource, ResolvedConsumeOptions } from '@slack-mcp/core/backend';
import type { MemoryBroker } from './broker.ts';
import type { GroupQueue, Member } from './group-queue.ts';
import type { MemoryDelivery } from './memory-delivery.ts';

const NONE_LOST: readonly MemoryDelivery[] = [];

/** One subscription at the broker, which is a member of its group's queue for each key. */
export class MemorySubscriber implements DeliverySource<MemoryDelivery>, Member {
  readonly #broker: MemoryBroker;
  readonly #options: ResolvedConsumeOptions;
  #queues: readonly GroupQueue[] = [];
  #turn = 0;
  #sink: DeliverySink<MemoryDelivery> | undefined;

  constructor(broker: MemoryBroker, options: ResolvedConsumeOptions) {
    this.#broker = broker;
    this.#options = options;
  }

  get free(): number {
    return this.#sink?.free() ?? 0;
  }

  async open(sink: DeliverySink<MemoryDelivery>): Promise<void> {
    const { group, keys, from } = this.#options;
    this.#queues = keys.map((key) => {
      const queue = this.#broker.queue(key);
      return group === undefined ? queue.independent() : queue.group(group, from);
    });
    this.#sink = sink;
    for (const queue of this.#queues) queue.attach(this);
    this.pull();
  }

  deliver(delivery: MemoryDelivery): void {
    this.#sink?.deliver(delivery);
  }

  /** Fills the free slots with messages from all keys in turn. */
  pull(): void {
    for (let empty = 0; empty < this.#queues.length && this.free > 0; ) {
      this.#turn = (this.#turn + 1) % this.#queues.length;
      empty = this.#queues[this.#turn]?.serve(this) ? 0 : empty + 1;
    }
  }

  async ack(deliveries: readonly MemoryDelivery[]): Promise<readonly MemoryDelivery[]> {
    for (const delivery of deliveries) delivery.queue.settle(delivery);
    return NONE_LOST;
  }

  async nack(delivery: MemoryDelivery, { delayMs }: { delayMs: number }): Promise<void> {
    delivery.queue.nack(delivery, delayMs);
  }

  async deadLetter(delivery: MemoryDelivery, reason: DeadLetter['reason']): Promise<void> {
    delivery.queue.park(delivery, reason, this.#broker.nextParked());
  }

  async release(deliveries: readonly MemoryDelivery[], { begun }: { begun: boolean }): Promise<void> {
    for (const [queue, ours] of Map.groupBy(deliveries, (delivery) => delivery.queue)) queue.release(ours, begun);
  }

  async close(): Promise<void> {
    for (const queue of this.#queues) {
      queue.detach(this);
      if (queue.group === undefined) this.#broker.queue(queue.key).forget(queue);
    }
  }
}
