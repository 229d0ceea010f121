import { decodePayload, type MessageMetadata, SerializationError } from '@slack-mcp/core';
import type { IncomingRecord } from './driver/index.ts';
import type { KafkaDelivery, OpenMessage, PartitionTracker } from './partition-tracker.ts';
import { decodeRecord } from './record.ts';
import { totalCounts } from './retry-record.ts';

/** @throws SerializationError - the value is not a JSON object in UTF-8 */
export function toDelivery(tracker: PartitionTracker, message: OpenMessage, group: string | undefined): KafkaDelivery {
  const record = message.record as IncomingRecord;
  const data = record.valueText ?? record.value;
  if (data === null) throw new SerializationError('the record has no value: a message must be a JSON object');
  const payload = decodePayload(data);
  return {
    payload,
    metadata: metadataOf(tracker, message, group),
    tracker,
    message,
    interrupted: message.isInterrupted,
  };
}

export function metadataOf(
  { place }: PartitionTracker,
  message: OpenMessage,
  group: string | undefined,
): MessageMetadata {
  const { record, offset } = message;
  const { failures, losses } = totalCounts(message);
  const about = decodeRecord(record as IncomingRecord, () => `${place.topic}-${place.partition}-${offset}`);
  const metadata = { ...about, retryCount: failures, deliveryCount: failures + losses + 1, key: place.key };
  return group === undefined ? metadata : Object.assign(metadata, { group });
}

/** Groups deliveries by partition, and runs `step` for all partitions at the same time. */
export async function eachTracker(
  deliveries: readonly KafkaDelivery[],
  step: (tracker: PartitionTracker, ours: readonly KafkaDelivery[]) => Promise<void>,
): Promise<void> {
  await Promise.all(
    [...Map.groupBy(deliveries, ({ tracker }) => tracker)].map(([tracker, ours]) => step(tracker, ours)),
  );
}
