import type { MessageMetadata } from '@slack-mcp/core';
import { type ResolvedPublish, WIRE_HEADERS } from '@slack-mcp/core/backend';
import type { IncomingRecord, OutgoingRecord } from './driver/index.ts';

/** What a record contains about its message besides the payload. */
export type RecordMetadata = Pick<MessageMetadata, 'messageId' | 'timestamp' | 'orderingKey' | 'headers'>;

/** Headers of ours. All others belong to the publisher. */
const RESERVED = 'slack-mcp-';

/** The record of a message: its value is the payload, its key the ordering key. */
export function encodeRecord({ text, messageId, timestamp, orderingKey, headers }: ResolvedPublish): OutgoingRecord {
  return {
    key: orderingKey === undefined ? null : Buffer.from(orderingKey),
    value: Buffer.from(text),
    timestamp: String(timestamp),
    headers: { [WIRE_HEADERS.messageId]: messageId, [WIRE_HEADERS.timestamp]: String(timestamp), ...headers },
  };
}

/** Never throws: derives missing or malformed values from the position of the record. */
export function decodeRecord(record: IncomingRecord, position: string): RecordMetadata {
  const headers: Record<string, string> = {};
  for (const name of Object.keys(record.headers)) {
    if (name.startsWith(RESERVED) || name === '__proto__') continue;
    const value = headerOf(record, name);
    if (value !== undefined) headers[name] = value;
  }
  const timestamp = headerOf(record, WIRE_HEADERS.timestamp) ?? record.timestamp;
  const orderingKey = headerOf(record, WIRE_HEADERS.orderingKey) ?? record.key?.toString();
  return {
    messageId: headerOf(record, WIRE_HEADERS.messageId) || position,
    timestamp: /^\d{1,16}$/.test(timestamp) ? Number(timestamp) : 0,
    headers,
    ...(orderingKey === undefined || orderingKey === '' ? {} : { orderingKey }),
  };
}

/** The last value of a header. */
export function headerOf({ headers }: Pick<IncomingRecord, 'headers'>, name: string): string | undefined {
  if (!Object.hasOwn(headers, name)) return undefined;
  const value = headers[name];
  // The library lists the values of a name. For a name such as `constructor` the list also contains a function.
  const last: unknown = Array.isArray(value) ? value.findLast((item) => Buffer.isBuffer(item)) : value;
  return Buffer.isBuffer(last) ? last.toString() : undefined;
}
