import type { Delivery, MessageMetadata, QueueKey, QueuePayload } from '@slack-mcp/core';
import { decodeEntryMetadata, type StreamEntry } from './stream-entry.ts';

/** One delivery of an entry. */
export interface RedisDelivery extends Delivery {
  /** The stream it was read from. */
  readonly stream: string;
  readonly entry: StreamEntry<string | Buffer>;
}

/** Where an entry was read. */
export interface Origin {
  readonly stream: string;
  readonly key: QueueKey;
  readonly group: string | undefined;
}

export function toDelivery(
  { stream, key, group }: Origin,
  entry: StreamEntry<string | Buffer>,
  payload: QueuePayload,
  retryCount: number,
): RedisDelivery {
  const about = { ...decodeEntryMetadata(entry), retryCount, key };
  const metadata: MessageMetadata = group === undefined ? about : { ...about, group };
  return { payload, metadata, stream, entry };
}
