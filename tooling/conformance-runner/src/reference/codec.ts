import { type DeadLetter, decodePayload, type QueuePayload } from '@slack-mcp/core';

/** A body as the reference broker stores it. */
export interface Body extends QueuePayload {
  /** Base64. */
  body: string;
}

/** Converts bytes to the form in which the broker stores them. */
export function toBody(bytes: Uint8Array | string): Body {
  return { body: Buffer.from(bytes).toString('base64') };
}

/** Returns the bytes that {@link toBody} received. */
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
