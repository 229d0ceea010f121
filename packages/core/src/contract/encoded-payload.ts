import type { JsonObject } from './json.ts';

/** Marks an {@link EncodedPayload}. All copies of this package share the symbol. */
export const ENCODED: unique symbol = Symbol.for('@slack-mcp/encoded-payload');

/**
 * A payload that is already JSON text, for example the body of a Slack request. The text is published unchanged: a
 * consumer reads the same bytes, including numbers beyond 2^53. Create an encoded payload with `encodedPayload`, which
 * validates the text.
 */
export interface EncodedPayload {
  readonly [ENCODED]: true;
  /** The JSON text of an object. */
  readonly text: string;
  /** The parsed object. Changes to the parsed object do not change the published text. */
  readonly value: JsonObject;
  /** Returns `value`, so that a backend without support for encoded payloads stores an equal payload. */
  toJSON(): JsonObject;
}

/**
 * Returns the object of an encoded or plain payload. Use this function in code that wraps `publish` and reads payloads.
 */
export function payloadOf(payload: JsonObject | EncodedPayload): JsonObject {
  return isEncodedPayload(payload) ? payload.value : payload;
}

/** Whether `encodedPayload` created `value`, in this copy of the package or in another copy. */
export function isEncodedPayload(value: unknown): value is EncodedPayload {
  return typeof value === 'object' && value !== null && (value as Partial<EncodedPayload>)[ENCODED] === true;
}
