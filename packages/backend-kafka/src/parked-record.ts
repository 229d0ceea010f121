import type { DeadLetter, MessageMetadata } from '@slack-mcp/core';
import {
  decodeParkingRecord,
  encodeParkingRecord,
  PARKING_HEADER,
  type ParkedContent,
  WIRE_HEADERS,
} from '@slack-mcp/core/backend';
import type { IncomingRecord, OutgoingRecord } from './driver/index.ts';
import type { OpenMessage, Place } from './partition-tracker.ts';
import { decodeRecord, headersOf } from './record.ts';
import { RETRY_HEADER, totalCounts } from './retry-record.ts';

/**
 * The group that parked a record, and the reason. `metadata` is absent if the record does not contain a valid message.
 */
export interface Parking {
  readonly group: string;
  readonly metadata?: MessageMetadata;
  readonly reason: DeadLetter['reason'];
}

/**
 * Creates the record of a dead letter from the original record and the reason for parking. The key of the record
 * identifies the original record, so that parking a message twice creates only one dead letter.
 */
export function encodeParked(place: Place, message: OpenMessage, { metadata, reason }: Parking): OutgoingRecord {
  const record = message.record as IncomingRecord;
  const id = `${place.topic}-${place.partition}-${message.offset}`;
  const { messageId, timestamp, orderingKey } = metadata ?? decodeRecord(record, () => id);
  const at = Date.now();
  const retryCount = totalCounts(message).failures;
  return {
    key: Buffer.from(id),
    // A record without a value would delete the dead letter.
    value: record.value ?? Buffer.alloc(0),
    timestamp: at,
    headers: {
      ...headersOf(record),
      [WIRE_HEADERS.messageId]: messageId,
      [WIRE_HEADERS.timestamp]: String(timestamp),
      ...(orderingKey === undefined ? {} : { [WIRE_HEADERS.orderingKey]: orderingKey }),
      [PARKING_HEADER]: encodeParkingRecord({ id, retryCount, at, reason }),
    },
  };
}

/** Creates the record that redelivers a dead letter, as a message without earlier deliveries. */
export function encodeRedriven(parked: IncomingRecord): OutgoingRecord {
  const { [PARKING_HEADER]: _, [RETRY_HEADER]: __, ...headers } = headersOf(parked);
  const orderingKey = headers[WIRE_HEADERS.orderingKey];
  return {
    key: orderingKey === undefined ? null : Buffer.from(orderingKey),
    value: parked.value,
    // Kafka deletes records by this time. The header has the time of publishing.
    timestamp: Date.now(),
    headers,
  };
}

/** Decodes the record of a dead letter. Never throws, even if another program wrote the record. */
export function describeParked(record: IncomingRecord): ParkedContent {
  const id = record.keyText ?? String(record.offset);
  // The key of the record is not the ordering key here.
  const fields = { headers: record.headers, timestamp: record.timestamp, keyText: undefined };
  const { messageId, timestamp, orderingKey, headers } = decodeRecord(fields, () => id);
  const { at, retryCount, reason } = decodeParkingRecord(headersOf(record)[PARKING_HEADER], {
    id,
    at: record.timestamp,
  });
  return {
    ...{ messageId, timestamp, headers, deadLetteredAt: at, retryCount, reason },
    ...(orderingKey === undefined ? {} : { orderingKey }),
    body: record.value ?? undefined,
  };
}
