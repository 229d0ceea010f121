import type { ResolvedPublish } from '@slack-mcp/core/backend';

/** A stored message. Its payload is encoded once and shared by all groups. */
export interface StoredMessage {
  /** The offset of the message in the log of its key. */
  readonly offset: number;
  /** The payload as JSON. */
  readonly text: string;
  readonly messageId: string;
  /** When the message was published, in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly orderingKey: string | undefined;
}

/** Creates the stored form of a published message. */
export function storeMessage(offset: number, message: ResolvedPublish): StoredMessage {
  const { text, messageId, timestamp, headers, orderingKey } = message;
  return { offset, text, messageId: flat(messageId), timestamp, headers, orderingKey };
}

// V8 keeps a concatenated string, such as a UUID, as a tree of its parts, seven times the size, until it is searched.
function flat(text: string): string {
  /$/.test(text);
  return text;
}
