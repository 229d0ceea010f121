import type { MessageMetadata, QueueKey, QueuePayload } from '@slack-mcp/core';
import type { Delivery } from '@slack-mcp/core/backend';
import type { Counts } from './delivery-count.ts';
import { decodeEntryMetadata, type StreamEntry } from './stream-entry.ts';

/** One delivery of an entry. */
export interface RedisDelivery extends Delivery {
  /** The stream that the entry was read from. */
  readonly stream: string;
  readonly entry: StreamEntry<string | Buffer>;
  /** The failures and losses before this delivery. */
  readonly counts: Counts;
}

/** The stream, key and group of an entry. */
export interface Origin {
  readonly stream: string;
  readonly key: QueueKey;
  readonly group: string | undefined;
}

export function toDelivery(
  { stream, key, group }: Origin,
  entry: StreamEntry<string | Buffer>,
  payload: QueuePayload,
  counts: Counts,
  interrupted = false,
): RedisDelivery {
  const { failures, losses } = counts;
  const about = { ...decodeEntryMetadata(entry), retryCount: failures, deliveryCount: failures + losses + 1, key };
  const metadata: MessageMetadata = group === undefined ? about : { ...about, group };
  return { payload, metadata, stream, entry, counts, interrupted };
}
