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
    timestamp,
    headers: { [WIRE_HEADERS.messageId]: messageId, [WIRE_HEADERS.timestamp]: String(timestamp), ...headers },
  };
}

/**
 * Decodes the metadata of a record. Missing or malformed values are derived from the record. Never throws.
 *
 * @param position - returns the id of a record without a message id
 */
export function decodeRecord(
  { headers, timestamp, keyText }: Pick<IncomingRecord, 'headers' | 'timestamp' | 'keyText'>,
  position: () => string,
): RecordMetadata {
  const fields = headers.includes(RETRY_HEADER) ? withoutRetry(headers) : headers;
  const decoded = decodeMetadata(fields, { messageId: '', timestamp });
  const orderingKey = decoded.orderingKey ?? (keyText || undefined);
  const about = { messageId: decoded.messageId || position(), timestamp: decoded.timestamp, headers: decoded.headers };
  return orderingKey === undefined ? about : { ...about, orderingKey };
}

/** Returns the last value of each header. */
export function headersOf({ headers }: Pick<IncomingRecord, 'headers'>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] as string;
    if (name !== '__proto__') texts[name] = headers[index + 1] as string;
  }
  return texts;
}

function withoutRetry(headers: readonly string[]): string[] {
  return headers.filter((_, index) => headers[index - (index % 2)] !== RETRY_HEADER);
}
