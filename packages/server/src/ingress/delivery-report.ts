import type { QueueKey } from '@slack-mcp/core';
import type { Delivery } from './delivery.ts';
import type { PublishOutcome } from './delivery-publisher.ts';

/** The outcome of a delivery, for the timeline of events. */
export interface DeliveryReport {
  readonly delivery: Delivery;
  readonly key: QueueKey;
  /** How the delivery was queued, or why it was not. */
  readonly outcome: PublishOutcome | 'malformed_body' | 'queue_payload_too_large' | 'queue_unavailable';
  /** When the delivery arrived, in milliseconds since the epoch. */
  readonly receivedAt: number;
}
