import type { QueuePayload } from './backend.ts';
import { PayloadTooLargeError, SerializationError } from './errors.ts';

/**
 * The payload as the JSON text that goes on the wire. Members that are `undefined` are left out and `-0` becomes `0`,
 * as JSON has it; nothing else is changed silently.
 *
 * @param maxBytes - largest size of the UTF-8 text in bytes; `null` for none
 * @throws SerializationError - not an object, or holds NaN, an infinity, a BigInt, a function, a symbol or a cycle
 * @throws PayloadTooLargeError - above `maxBytes`
 */
export function encodePayload(payload: QueuePayload, maxBytes: number | null = null): string {
  if (payload === null || typeof payload !== 'object' || Array.isArray(payload)) {
    throw new SerializationError(`a payload is a JSON object, got ${describe(payload)}`);
  }
  let text: string | undefined;
  try {
    text = JSON.stringify(payload);
  } catch (error) {
    throw new SerializationError('cannot serialize the payload as JSON', { cause: error });
  }
  if (text === undefined || text[0] !== '{')
    throw new SerializationError('a payload is a JSON object, its toJSON() gave something else');
  assertJson(payload, '$');
  // A UTF-16 unit takes at most three bytes: most payloads need not be measured.
  if (maxBytes !== null && text.length * 3 > maxBytes) {
    const bytes = Buffer.byteLength(text);
    if (bytes > maxBytes)
      throw new PayloadTooLargeError(`a payload of ${bytes} bytes is above the limit of ${maxBytes} bytes`);
  }
  return text;
}

/**
 * The payload from its bytes or text.
 *
 * @throws SerializationError - not UTF-8 JSON, or not an object
 */
export function decodePayload(data: string | Uint8Array): QueuePayload {
  let value: unknown;
  try {
    value = JSON.parse(typeof data === 'string' ? data : utf8.decode(data));
  } catch (error) {
    // The parser's own message quotes the content: it is not kept.
    throw new SerializationError(`not UTF-8 JSON (${error instanceof SyntaxError ? 'syntax' : 'encoding'})`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new SerializationError(`a payload is a JSON object, got ${describe(value)}`);
  }
  return value as QueuePayload;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

// Runs after JSON.stringify, which has excluded cycles and BigInt: what is left would be changed or dropped silently.
function assertJson(value: unknown, path: string): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value)) throw new SerializationError(`${value} at ${path} is not JSON`);
      return;
    case 'object':
      break;
    default:
      throw new SerializationError(`${describe(value)} at ${path} is not JSON`);
  }
  if (value === null || typeof (value as { toJSON?: unknown }).toJSON === 'function') return;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (typeof item !== 'string') assertJson(item, path);
    }
    return;
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    const item = record[key];
    if (item !== undefined && typeof item !== 'string') assertJson(item, key);
  }
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
