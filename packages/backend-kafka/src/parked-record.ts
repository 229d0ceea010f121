import { type DeadLetter, decodePayload, type MessageMetadata } from '@slack-mcp/core';
import { WIRE_HEADERS } from '@slack-mcp/core/backend';
import type { IncomingRecord, OutgoingRecord } from './driver/index.ts';
import type { OpenMessage, Place } from './partition-tracker.ts';
import { decodeRecord, headerOf } from './record.ts';

/** Why and when a message was parked. */
interface About {
  readonly at: number;
  readonly retryCount: number;
  readonly reason: DeadLetter['reason'];
}

/** What is known about a message that is parked. `metadata` is absent if the record is no message. */
export interface Parking {
  readonly group: string;
  readonly metadata?: MessageMetadata;
  readonly reason: DeadLetter['reason'];
}

const DEAD_LETTER = 'slack-mcp-dead-letter';

/**
 * The record of a dead letter: the original record and why it was parked. Its key names the place of the original, so
 * that a message that is parked twice is one dead letter.
 */
export function encodeParked(place: Place, message: OpenMessage, { metadata, reason }: Parking): OutgoingRecord {
  const record = message.record as IncomingRecord;
  const position = `${place.topic}-${place.partition}-${message.offset}`;
  const { messageId, timestamp, orderingKey } = metadata ?? decodeRecord(record, position);
  const about: About = { at: Date.now(), retryCount: message.counts.failures, reason };
  const headers: Record<string, string | Buffer> = {};
  for (const name of Object.keys(record.headers)) {
    const value = headerOf(record, name);
    if (value !== undefined && name !== '__proto__') headers[name] = value;
  }
  return {
    key: Buffer.from(position),
    // A record without a value would delete the dead letter.
    value: record.value ?? Buffer.alloc(0),
    timestamp: String(about.at),
    headers: {
      ...headers,
      [WIRE_HEADERS.messageId]: messageId,
      [WIRE_HEADERS.timestamp]: String(timestamp),
      ...(orderingKey === undefined ? {} : { [WIRE_HEADERS.orderingKey]: orderingKey }),
      [DEAD_LETTER]: JSON.stringify(about),
    },
  };
}

/** The record with which a dead letter is delivered again. */
export function encodeRedriven(parked: IncomingRecord): OutgoingRecord {
  const headers: Record<string, string> = {};
  for (const name of Object.keys(parked.headers)) {
    const value = headerOf(parked, name);
    if (value !== undefined && name !== DEAD_LETTER) headers[name] = value;
  }
  const orderingKey = headers[WIRE_HEADERS.orderingKey];
  return {
    key: orderingKey === undefined ? null : Buffer.from(orderingKey),
    value: parked.value,
    timestamp: headers[WIRE_HEADERS.timestamp] ?? parked.timestamp,
    headers,
  };
}

/** Never throws, even if another program wrote the record. */
export function readParked(record: IncomingRecord): Omit<DeadLetter, 'id' | 'key' | 'group'> {
  const { messageId, timestamp, headers } = decodeRecord(record, record.key?.toString() ?? record.offset);
  // The key of the record is not the ordering key here.
  const orderingKey = headerOf(record, WIRE_HEADERS.orderingKey);
  const { at, retryCount, reason } = aboutOf(record);
  return {
    messageId,
    timestamp,
    headers,
    ...(orderingKey === undefined ? {} : { orderingKey }),
    ...contentOf(record),
    deadLetteredAt: at,
    retryCount,
    reason,
  };
}

function aboutOf(record: IncomingRecord): About {
  try {
    const about: unknown = JSON.parse(headerOf(record, DEAD_LETTER) ?? '');
    const { at, retryCount, reason } = about as Partial<About>;
    if (typeof at === 'number' && typeof retryCount === 'number' && typeof reason === 'object' && reason !== null) {
      return { at, retryCount, reason };
    }
  } catch {
    // Another program wrote it.
  }
  const reason = { code: 'FOREIGN', message: 'it was not parked by this package' };
  return { at: Number(record.timestamp), retryCount: 0, reason };
}

function contentOf({ value }: IncomingRecord): Pick<DeadLetter, 'payload'> | Pick<DeadLetter, 'raw'> {
  try {
    return { payload: decodePayload(value ?? '') };
  } catch {
    return { raw: new Uint8Array(value ?? []) };
  }
}
