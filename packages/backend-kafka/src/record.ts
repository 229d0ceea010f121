import type { MessageMetadata } from '@slack-mcp/core';
import { decodeMetadata, type ResolvedPublish, WIRE_HEADERS } from '@slack-mcp/core/backend';
import type { IncomingRecord, OutgoingRecord } from './driver/index.ts';
import { RETRY_HEADER } from './retry-record.ts';

/** The metadata of a message that its record contains. */
export type RecordMetadata = Pick<MessageMetadata, 'messageId' | 'timestamp' | 'orderingKey' | 'headers'>;

/** Creates the record of a message. The value of the record is the payload, and its key is the ordering key. */
export function encodeRecord({ text, messageId, timestamp, orderingKey, headers }: ResolvedPublish): OutgoingRecord {
  return {
    key: orderingKey === undefined ? null : Buffer.from(orderingKey),
    value: Buffer.from(text),
    timestamp: String(timestamp),
    headers: { [WIRE_HEADERS.messageId]: messageId, [WIRE_HEADERS.timestamp]: String(timestamp), ...headers },
  };
}

/**
 * Decodes the metadata of a record. Derives missing or malformed values from the position of the record. Never throws.
 */
export function decodeRecord(record: IncomingRecord, position: string): RecordMetadata {
  const fields: unknown[] = [];
  for (const name of Object.keys(record.headers)) {
    const value = lastValue(record.headers[name]);
    if (value !== undefined && name !== RETRY_HEADER) fields.push(name, value);
  }
  const timestamp = Number(record.timestamp);
  const { retryCount: _, ...metadata } = decodeMetadata(fields, { messageId: position, timestamp });
  const key = record.key?.toString();
  return metadata.orderingKey === undefined && key ? { ...metadata, orderingKey: key } : metadata;
}

/** Returns the last value of each header. */
export function headersOf({ headers }: Pick<IncomingRecord, 'headers'>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = lastValue(headers[name]);
    if (value !== undefined && name !== '__proto__') texts[name] = value.toString();
  }
  return texts;
}

/** Returns the last value of a header. */
function lastValue(value: unknown): Buffer | undefined {
  if (Buffer.isBuffer(value)) return value;
  // The library lists the values of a name. For a name such as `constructor` the list also contains a function.
  return Array.isArray(value) ? value.findLast((item) => Buffer.isBuffer(item)) : undefined;
}
