import type { JsonObject } from './json.ts';

/** Marks an {@link EncodedPayload}; the same in every copy of this package. */
export const ENCODED: unique symbol = Symbol.for('@slack-mcp/encoded-payload');

/**
 * A payload that is JSON text already, as what Slack sends. It travels as that text: the bytes that a consumer reads are
 * the bytes that were given, numbers beyond 2^53 included. Made by `encodedPayload`, which checks the text.
 */
export interface EncodedPayload {
  readonly [ENCODED]: true;
  /** JSON of an object. */
  readonly text: string;
  /** The object, for reading. Changing it does not change what is published. */
  readonly value: JsonObject;
  /** `value`, so that a backend which knows nothing of encoded payloads stores an equal one. */
  toJSON(): JsonObject;
}

/** The object that is published, encoded or not: for those that wrap `publish` and read what passes. */
export function payloadOf(payload: JsonObject | EncodedPayload): JsonObject {
  return isEncodedPayload(payload) ? payload.value : payload;
}

/** Whether `value` was made by `encodedPayload`, of this copy of the package or another. */
export function isEncodedPayload(value: unknown): value is EncodedPayload {
  return typeof value === 'object' && value !== null && (value as Partial<EncodedPayload>)[ENCODED] === true;
}
