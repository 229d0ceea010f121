import type { PublishPayload, QueuePayload } from '../contract/backend.ts';
import { isEncodedPayload } from '../contract/encoded-payload.ts';
import { PayloadTooLargeError, SerializationError } from '../contract/errors.ts';
import { isJsonObject } from '../contract/json.ts';

/** Maximum nesting depth of a payload. JSON parsers in many languages reject deeper nesting. */
const MAX_DEPTH = 1000;

/**
 * Returns the JSON text of a payload. The text of an encoded payload is returned unchanged. For a plain object, JSON
 * omits members that are `undefined`, changes `-0` to `0` and calls `toJSON()`. All other values are encoded exactly or
 * rejected.
 *
 * @param maxBytes - maximum size of the UTF-8 text in bytes; `null` for no limit
 * @throws SerializationError - the payload is not an object, is nested deeper than 1000 levels, or contains a value
 *   that JSON cannot represent, such as NaN, a BigInt, a function, a symbol, `undefined` in an array, a cycle, a `Map`
 *   or an `Error`
 * @throws PayloadTooLargeError - the text exceeds `maxBytes`
 */
export function encodePayload(payload: PublishPayload, maxBytes: number | null = null): string {
  const text = serialize(payload);
  // A UTF-16 code unit takes at most three bytes: most payloads do not need to be measured.
  if (maxBytes !== null && text.length * 3 > maxBytes) {
    const bytes = Buffer.byteLength(text);
    if (bytes > maxBytes) {
      throw new PayloadTooLargeError(
        `a payload of ${bytes} bytes exceeds the limit of ${maxBytes} bytes: publish a smaller payload`,
      );
    }
  }
  return text;
}

/**
 * Parses a payload from its bytes or text. Ignores a leading byte order mark, which some programs add.
 *
 * @throws SerializationError - the data is not UTF-8 JSON, or is not an object
 */
export function decodePayload(data: string | Uint8Array): QueuePayload {
  return parsePayload(decodeText(data));
}

/**
 * Decodes text and removes a leading byte order mark.
 *
 * @throws SerializationError - the data is not UTF-8
 */
export function decodeText(data: string | Uint8Array): string {
  if (typeof data === 'string') return data.replace(BYTE_ORDER_MARK, '');
  try {
    return utf8.decode(data);
  } catch {
    throw new SerializationError('the payload is not valid UTF-8: encode it as UTF-8');
  }
}

/**
 * Parses the JSON text of an object.
 *
 * @throws SerializationError - the text is not JSON, or is not an object
 */
export function parsePayload(text: string): QueuePayload {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The message of the parser quotes the content, so it is not kept as the cause.
    throw new SerializationError('the payload is not valid JSON: use the JSON text of an object');
  }
  if (!isJsonObject(value)) throw new SerializationError(`a payload must be a JSON object, not ${describe(value)}`);
  return value;
}

/**
 * Checks the nesting depth of a payload.
 *
 * @param value - the parsed `text`
 * @throws SerializationError - the payload is nested deeper than 1000 levels
 */
export function assertDepth(value: QueuePayload, text: string): void {
  // Each level takes two characters: most payloads do not need to be traversed.
  if (text.length > 2 * MAX_DEPTH) isExact(value, 1);
}

const BYTE_ORDER_MARK = /^\ufeff/;
/** Decodes UTF-8 without a leading byte order mark. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

function serialize(payload: unknown): string {
  try {
    if (isEncodedPayload(payload)) return payload.text;
    if (!isJsonObject(payload)) {
      throw new SerializationError(`a payload must be a JSON object, not ${describe(payload)}`);
    }
    const text = JSON.stringify(payload);
    // JSON.stringify has already excluded cycles.
    if (isExact(payload, 1)) return text;
    const checked: string | undefined = JSON.stringify(payload, refuseInexact);
    if (checked?.[0] !== '{')
      throw new SerializationError('a payload must be a JSON object, but its toJSON() returned something else');
    isExact(JSON.parse(checked), 1);
    return checked;
  } catch (error) {
    if (error instanceof SerializationError) throw error;
    throw new SerializationError(`cannot serialize the payload as JSON: ${reason(error)}`, { cause: error });
  }
}

function reason(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply';
  if (!(error instanceof TypeError)) return 'reading it throws an error';
  if (/BigInt/.test(error.message)) return 'it contains a BigInt';
  return /circular/.test(error.message) ? 'it contains a cycle' : 'reading it throws an error';
}

/**
 * Whether JSON represents the value exactly. Also returns `false` if the result depends on `toJSON`.
 *
 * @throws SerializationError - the value is nested too deeply
 */
function isExact(value: unknown, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (depth > MAX_DEPTH)
    throw new SerializationError(`the payload is nested deeper than ${MAX_DEPTH} levels: reduce its nesting`);
  if ('toJSON' in value) return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      if (!isExact(value[index], depth + 1)) return false;
    }
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  const record = value as Record<string, unknown>;
  for (const key in record) {
    const item = record[key];
    if (item !== undefined && !isExact(item, depth + 1)) return false;
  }
  return true;
}

/**
 * Rejects values that JSON cannot represent. A replacer for `JSON.stringify`, which calls it with each value after
 * `toJSON()` and with the containing object as `this`.
 */
function refuseInexact(this: Record<string, unknown>, key: string, value: unknown): unknown {
  if (value === undefined && !Array.isArray(this)) return value;
  if (typeof value === 'number' && !Number.isFinite(value)) throw inexact(String(value), key);
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol')
    throw inexact(describe(value), key);
  if (value === null && this[key] instanceof Date) throw inexact('an invalid Date', key);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // A Map, a Set or an Error would become {}.
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind !== 'Object') throw inexact(kind, key);
  return value;
}

function inexact(what: string, key: string): SerializationError {
  return new SerializationError(
    `${what} at ${JSON.stringify(key.slice(0, 60))} cannot be represented as JSON: remove or convert it`,
  );
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
