import { PARKING_HEADER } from '../dead-letters/parking-record.ts';
import { WIRE_HEADERS } from './headers.ts';

/** The metadata of a message as decoded from the wire. */
export interface WireMetadata {
  readonly messageId: string;
  /** When the message was published, in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly orderingKey?: string;
  /** Present only if the message has a valid retry count. */
  readonly retryCount?: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The metadata to encode. Omit metadata that the broker stores elsewhere. */
export interface EncodableMetadata {
  readonly messageId?: string | undefined;
  readonly timestamp?: number | undefined;
  readonly orderingKey?: string | undefined;
  readonly retryCount?: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Options of {@link decodeMetadata}. */
export interface MetadataDefaults {
  /** The id to use for a message without a valid id, for example the id at the broker. */
  readonly messageId: string;
  /** The time to use for a message without a valid time, for example the time at the broker. */
  readonly timestamp: number;
  /** The prefix that {@link encodeMetadata} added to header names. */
  readonly prefix?: string;
  /**
   * The name of the field that contains the payload, which the decoder skips. Default: no field contains the payload.
   */
  readonly payload?: string;
}

/**
 * Encodes metadata and the message's headers as alternating names and values. The metadata uses the names in {@link
 * WIRE_HEADERS}.
 *
 * @param prefix - a prefix for the names of the message's headers, so that they do not collide with other names
 */
export function encodeMetadata(metadata: EncodableMetadata, prefix = ''): string[] {
  const { messageId, timestamp, orderingKey, retryCount, headers } = metadata;
  const fields: string[] = [];
  if (messageId !== undefined) fields.push(WIRE_HEADERS.messageId, messageId);
  if (timestamp !== undefined) fields.push(WIRE_HEADERS.timestamp, String(timestamp));
  if (orderingKey !== undefined) fields.push(WIRE_HEADERS.orderingKey, orderingKey);
  if (retryCount !== undefined) fields.push(WIRE_HEADERS.retryCount, String(retryCount));
  for (const name in headers) fields.push(prefix + name, headers[name] as string);
  return fields;
}

/**
 * Decodes alternating names and values, even if another program wrote the message: unknown names become headers. If a
 * name occurs several times, the last value wins. Values other than strings and bytes are converted to text. Never
 * throws.
 */
export function decodeMetadata(
  fields: readonly unknown[],
  { messageId: defaultId, timestamp: defaultTime, prefix = '', payload }: MetadataDefaults,
): WireMetadata {
  let messageId = defaultId;
  let timestamp = defaultTime;
  let orderingKey: string | undefined;
  let retryCount: number | undefined;
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = textOf(fields[index]);
    if (name === payload) continue;
    const value = fields[index + 1];
    switch (name) {
      case WIRE_HEADERS.messageId:
        messageId = textOf(value) || defaultId;
        break;
      case WIRE_HEADERS.timestamp:
        timestamp = wholeOf(value) ?? defaultTime;
        break;
      case WIRE_HEADERS.orderingKey:
        orderingKey = textOf(value);
        break;
      case WIRE_HEADERS.retryCount:
        retryCount = wholeOf(value);
        break;
      case PARKING_HEADER:
      case '__proto__':
        break;
      default:
        headers[name.startsWith(prefix) ? name.slice(prefix.length) : name] = textOf(value);
    }
  }
  const metadata: { -readonly [K in keyof WireMetadata]: WireMetadata[K] } = { messageId, timestamp, headers };
  if (orderingKey !== undefined) metadata.orderingKey = orderingKey;
  if (retryCount !== undefined) metadata.retryCount = retryCount;
  return metadata;
}

function wholeOf(value: unknown): number | undefined {
  // Some brokers have headers that are numbers.
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  const text = textOf(value);
  return /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (value === undefined || value === null) return '';
  try {
    return typeof value === 'object' ? (JSON.stringify(value) ?? '') : String(value);
  } catch {
    return '';
  }
}
