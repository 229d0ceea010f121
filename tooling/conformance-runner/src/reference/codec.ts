import { type DeadLetter, decodePayload, type QueuePayload } from '@slack-mcp/core';

/** A body as it lies at the reference broker. */
export interface Body extends QueuePayload {
  /** Base64. */
  body: string;
}

/** What the broker keeps of these bytes. */
export function toBody(bytes: Uint8Array | string): Body {
  return { body: Buffer.from(bytes).toString('base64') };
}

/** The bytes that {@link toBody} took. */
export function bytesOf(stored: QueuePayload): Uint8Array {
  return new Uint8Array(Buffer.from(stored['body'] as string, 'base64'));
}

/** @throws SerializationError - not JSON */
export function decode(stored: QueuePayload): QueuePayload {
  return decodePayload(bytesOf(stored));
}

/**
 * Converts a dead letter to the form in the contract: with its payload, or with its raw bytes if they cannot be
 * decoded.
 */
export function decodeDeadLetter({ payload: stored, ...item }: DeadLetter): DeadLetter {
  if (stored === undefined) return item;
  try {
    return { ...item, payload: decode(stored) };
  } catch {
    return { ...item, raw: bytesOf(stored) };
  }
}
