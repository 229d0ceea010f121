import { decodePayload, type MessageMetadata, type QueuePayload } from '@slack-mcp/core';
import { decodeMetadata, encodeMetadata, type ResolvedPublish, type WireMetadata } from '@slack-mcp/core/backend';
import type { Entry, StoredMessage } from './client.ts';

// FILL IN 3 of 5: the format of a message at your broker. Other programs may read these messages, so use the usual form
// of your broker: the payload as the body, the metadata as headers.

/** Separates the headers of a message from the metadata of this backend. */
const PREFIX = 'h-';

/** Converts a message to the form in which the broker stores it. */
export function encodeMessage({ key, text, messageId, ...metadata }: ResolvedPublish): StoredMessage {
  return { key, messageId, body: Buffer.from(text), fields: encodeMetadata({ ...metadata, messageId }, PREFIX) };
}

/** Decodes the metadata of a stored message, which another program may have written. */
export function decodeFields({ fields, messageId }: StoredMessage): WireMetadata {
  return decodeMetadata(fields, { messageId, timestamp: 0, prefix: PREFIX });
}

/**
 * Decodes the payload of a stored message.
 *
 * @throws SerializationError - the body is not JSON
 */
export function decodeBody({ body }: StoredMessage): QueuePayload {
  return decodePayload(body);
}

/** The metadata of one delivery. */
export function describeEntry({ message, failures, begun }: Entry, group: string | undefined): MessageMetadata {
  const { retryCount: _, ...metadata } = decodeFields(message);
  const counts = { retryCount: failures, deliveryCount: begun + 1 };
  return { ...metadata, ...counts, key: message.key, ...(group === undefined ? {} : { group }) };
}
