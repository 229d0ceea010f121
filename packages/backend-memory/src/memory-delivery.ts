import type { DeadLetter, MessageMetadata, QueueKey, QueuePayload } from '@slack-mcp/core';
import type { Delivery } from '@slack-mcp/core/backend';
import type { StoredMessage } from './stored-message.ts';

/** How often a message failed in a group, and how many of its deliveries began. */
export interface Counts {
  readonly failures: number;
  readonly begun: number;
}

/** The part of a queue that its deliveries use. */
export interface DeliveryQueue {
  readonly key: QueueKey;
  readonly group: string | undefined;
  settle(delivery: MemoryDelivery): void;
  nack(delivery: MemoryDelivery, delayMs: number): void;
  park(delivery: MemoryDelivery, reason: DeadLetter['reason'], number: number): void;
  release(deliveries: readonly MemoryDelivery[], begun: boolean): void;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** One delivery of a stored message to a group or an independent consumer. */
export class MemoryDelivery implements Delivery {
  readonly queue: DeliveryQueue;
  readonly stored: StoredMessage;
  /** The counts before this delivery. */
  readonly counts: Counts;
  #metadata: MessageMetadata | undefined;

  constructor(queue: DeliveryQueue, stored: StoredMessage, counts: Counts) {
    this.queue = queue;
    this.stored = stored;
    this.counts = counts;
  }

  /** The payload, decoded on each access, so that consumers never see each other's changes. */
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
    const { failures: retryCount, begun } = this.counts;
    const deliveryCount = begun + 1;
    const metadata: Writable<MessageMetadata> = { messageId, timestamp, retryCount, deliveryCount, key, headers };
    if (group !== undefined) metadata.group = group;
    if (orderingKey !== undefined) metadata.orderingKey = orderingKey;
    return metadata;
  }
}
