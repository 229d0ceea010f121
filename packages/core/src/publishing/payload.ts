import type { PublishPayload, QueuePayload } from '../contract/backend.ts';
import { isEncodedPayload } from '../contract/encoded-payload.ts';
import { PayloadTooLargeError, SerializationError } from '../contract/errors.ts';
import { isJsonObject } from '../contract/json.ts';

/** Deeper payloads are refused: most JSON readers, whatever the language, stop here. */
const MAX_DEPTH = 1000;

/**
 * The payload as the JSON text that goes on the wire. What is encoded already goes unchanged. Otherwise members that are
 * `undefined` are left out, `-0` becomes `0` and `toJSON()` is called, as JSON requires; nothing else changes silently.
 *
 * @param maxBytes - largest size of the UTF-8 text in bytes; `null` for none
 * @throws SerializationError - not an object, nested deeper than 1000, or holds what JSON cannot carry: NaN, an
 *   infinity, a BigInt, a function, a symbol, `undefined` in an array, a cycle, a `Map`, a `Set`, an `Error`
 * @throws PayloadTooLargeError - above `maxBytes`
 */
export function encodePayload(payload: PublishPayload, maxBytes: number | null = null): string {
  const text = serialize(payload);
  // A UTF-16 unit takes at most three bytes: most payloads need not be measured.
  if (maxBytes !== null && text.length * 3 > maxBytes) {
    const bytes = Buffer.byteLength(text);
    if (bytes > maxBytes) {
      throw new PayloadTooLargeError(`a payload of ${bytes} bytes is above the limit of ${maxBytes} bytes`);
    }
  }
  return text;
}

/**
 * The payload from its bytes or text. A byte order mark in front, which some writers add, is ignored.
 *
 * @throws SerializationError - not UTF-8 JSON, or not an object
 */
export function decodePayload(data: string | Uint8Array): QueuePayload {
  return parsePayload(decodeText(data));
}

/**
 * The text without a byte order mark.
 *
 * @throws SerializationError - not UTF-8
 */
export function decodeText(data: string | Uint8Array): string {
  if (typeof data === 'string') return data.replace(BYTE_ORDER_MARK, '');
  try {
    return utf8.decode(data);
  } catch {
    throw new SerializationError('not UTF-8 JSON (encoding)');
  }
}

/** @throws SerializationError - not JSON, or not an object */
export function parsePayload(text: string): QueuePayload {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the content: it is not kept.
    throw new SerializationError('not UTF-8 JSON (syntax)');
  }
  if (!isJsonObject(value)) throw new SerializationError(`a payload is a JSON object, not ${describe(value)}`);
  return value;
}

/**
 * @param value - what `text` says
 * @throws SerializationError - nested deeper than 1000 levels
 */
export function assertDepth(value: QueuePayload, text: string): void {
  // Each level takes two characters: most payloads need not be walked.
  if (text.length > 2 * MAX_DEPTH) isExact(value, 1);
}

const BYTE_ORDER_MARK = /^\ufeff/;
/** It removes a byte order mark by itself. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

function serialize(payload: unknown): string {
  try {
    if (isEncodedPayload(payload)) return payload.text;
    if (!isJsonObject(payload)) throw new SerializationError(`a payload is a JSON object, not ${describe(payload)}`);
    const text = JSON.stringify(payload);
    // Only what JSON.stringify took is walked: it has excluded cycles.
    if (isExact(payload, 1)) return text;
    const checked: string | undefined = JSON.stringify(payload, refuseInexact);
    if (checked?.[0] !== '{')
      throw new SerializationError('a payload is a JSON object, its toJSON() gave something else');
    isExact(JSON.parse(checked), 1);
    return checked;
  } catch (error) {
    if (error instanceof SerializationError) throw error;
    throw new SerializationError(`cannot serialize the payload as JSON: ${reason(error)}`, { cause: error });
  }
}

function reason(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply';
  if (!(error instanceof TypeError)) return 'it throws while it is read';
  if (/BigInt/.test(error.message)) return 'it holds a BigInt';
  return /circular/.test(error.message) ? 'it holds a cycle' : 'it throws while it is read';
}

/**
 * Whether JSON carries the value as it is. `false` also for what only `toJSON` can tell.
 *
 * @throws SerializationError - too deep
 */
function isExact(value: unknown, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (depth > MAX_DEPTH) throw new SerializationError(`a payload is nested at most ${MAX_DEPTH} levels deep`);
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

/** Sees each value after its `toJSON()`, and what holds it as `this`. */
function refuseInexact(this: Record<string, unknown>, key: string, value: unknown): unknown {
  if (value === undefined && !Array.isArray(this)) return value;
  if (typeof value === 'number' && !Number.isFinite(value)) throw inexact(String(value), key);
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol')
    throw inexact(describe(value), key);
  if (value === null && this[key] instanceof Date) throw inexact('an invalid Date', key);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // A Map, a Set, an Error and their like would become {}.
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind !== 'Object') throw inexact(kind, key);
  return value;
}

function inexact(what: string, key: string): SerializationError {
  return new SerializationError(`${what} at ${JSON.stringify(key.slice(0, 60))} is not JSON`);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
