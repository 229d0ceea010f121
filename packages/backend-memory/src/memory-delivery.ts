import type { Delivery, MessageMetadata, QueuePayload } from '@slack-mcp/core';
import type { GroupQueue } from './group-queue.ts';
import type { StoredMessage } from './stored-message.ts';

/** One delivery of a stored message to a group or an independent consumer. */
export class MemoryDelivery implements Delivery {
  readonly queue: GroupQueue;
  readonly stored: StoredMessage;
  readonly retryCount: number;

  constructor(queue: GroupQueue, stored: StoredMessage, retryCount: number) {
    this.queue = queue;
    this.stored = stored;
    this.retryCount = retryCount;
  }

  /** Decoded on each reading: nobody else sees what a consumer does to it. */
  get payload(): QueuePayload {
    return JSON.parse(this.stored.text);
  }

  get metadata(): MessageMetadata {
    const { messageId, timestamp, headers, orderingKey } = this.stored;
    const { key, group } = this.queue;
    const metadata = { messageId, timestamp, retryCount: this.retryCount, key, headers };
    if (group === undefined) return orderingKey === undefined ? metadata : { ...metadata, orderingKey };
    return orderingKey === undefined ? { ...metadata, group } : { ...metadata, group, orderingKey };
  }
}
