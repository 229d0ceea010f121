import type { QueueKey } from '@slack-mcp/core';
import type { GroupQueue } from './group-queue.ts';
import { MessageQueue } from './message-queue.ts';

/** The queues that all instances with one name share. */
export class MemoryBroker {
  readonly #queues = new Map<QueueKey, MessageQueue>();
  #parked = 0;
  /** Number of instances that use the broker. */
  instances = 0;

  get queues(): ReadonlyMap<QueueKey, MessageQueue> {
    return this.#queues;
  }

  /** The queues of all groups, one for each pair of key and group. */
  get groups(): readonly GroupQueue[] {
    return [...this.#queues.values()].flatMap((queue) => [...queue.groups.values()]);
  }

  /** Number of messages that groups have not settled, excluding dead letters. */
  get backlog(): number {
    return this.groups.reduce((total, { backlog }) => total + backlog, 0);
  }

  /** Number of dead letters. */
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

  /** Returns the sequence number of the next dead letter. */
  nextParked(): number {
    this.#parked += 1;
    return this.#parked;
  }
}
