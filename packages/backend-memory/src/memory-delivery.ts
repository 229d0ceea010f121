import type { Delivery, MessageMetadata, QueuePayload } from '@slack-mcp/core';
import type { GroupQueue } from './group-queue.ts';
import type { StoredMessage } from './stored-message.ts';

/** How often a message failed in a group, and how many deliveries of it to the group began. */
export interface Counts {
  readonly failures: number;
  readonly begun: number;
}

/** One delivery of a stored message to a group or an independent consumer. */
export class MemoryDelivery implements Delivery {
  readonly queue: GroupQueue;
  readonly stored: StoredMessage;
  /** Those before this delivery. */
  readonly counts: Counts;
  #metadata: MessageMetadata | undefined;

  constructor(queue: GroupQueue, stored: StoredMessage, counts: Counts) {
    this.queue = queue;
    this.stored = stored;
    this.counts = counts;
  }

  /** Decoded on each reading: no consumer sees what another one does to it. */
  get payload(): QueuePayload {
    return JSON.parse(this.stored.text);
  }

  get metadata(): MessageMetadata {
    this.#metadata ??= this.#describe();
    return this.#metadata;
  }

  #describe(): MessageMetadata {
    const { messageId, timestamp, headers, orderingKey } = this.stored;
    const { key, group } = this.queue;
    const { failures, begun } = this.counts;
    const metadata = { messageId, timestamp, retryCount: failures, deliveryCount: begun + 1, key, headers };
    if (group === undefined) return orderingKey === undefined ? metadata : { ...metadata, orderingKey };
    return orderingKey === undefined ? { ...metadata, group } : { ...metadata, group, orderingKey };
  }
}
