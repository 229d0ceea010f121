import type { QueueKey } from '@slack-mcp/core';
import { MessageQueue } from './message-queue.ts';

/** What the instances of one name share. */
export class MemoryBroker {
  readonly #queues = new Map<QueueKey, MessageQueue>();
  #parked = 0;
  /** Instances that use it. */
  instances = 0;

  get queues(): ReadonlyMap<QueueKey, MessageQueue> {
    return this.#queues;
  }

  queue(key: QueueKey): MessageQueue {
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = new MessageQueue(key);
      this.#queues.set(key, queue);
    }
    return queue;
  }

  /** The number of the next dead letter. */
  nextParked(): number {
    this.#parked += 1;
    return this.#parked;
  }
}
