import type { QueueKey } from '@slack-mcp/core';
import type { ImmediateTarget, ResolvedPublish } from '@slack-mcp/core/backend';
import type { MemoryBroker } from './broker.ts';
import type { MessageQueue } from './message-queue.ts';
import type { ResolvedOptions } from './options.ts';

/** Stores messages in the queues of a broker. */
export class MemoryPublishTarget implements ImmediateTarget {
  readonly #connect: () => MemoryBroker;
  readonly #options: ResolvedOptions;
  /** The queues in which the configured groups already exist. */
  readonly #prepared = new Map<QueueKey, MessageQueue>();

  constructor(connect: () => MemoryBroker, options: ResolvedOptions) {
    this.#connect = connect;
    this.#options = options;
  }

  store(message: ResolvedPublish): void {
    this.#queue(message.key).publish(message, this.#options);
  }

  #queue(key: QueueKey): MessageQueue {
    let queue = this.#prepared.get(key);
    if (queue === undefined) {
      queue = this.#connect().queue(key);
      for (const group of this.#options.groups) queue.group(group, 'earliest');
      this.#prepared.set(key, queue);
    }
    return queue;
  }
}
