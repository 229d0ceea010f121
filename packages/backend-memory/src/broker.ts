import type { QueueKey } from '@slack-mcp/core';
import type { GroupQueue } from './group-queue.ts';
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

  /** One for each pair of key and group. */
  get groups(): readonly GroupQueue[] {
    return [...this.#queues.values()].flatMap((queue) => [...queue.groups.values()]);
  }

  /** Messages that groups are owed and have not settled, dead letters aside. */
  get backlog(): number {
    return this.groups.reduce((total, { backlog }) => total + backlog, 0);
  }

  /** Messages that were parked and are still there. */
  get deadLetters(): number {
    return this.groups.reduce((total, { deadLetters }) => total + deadLetters.size, 0);
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
