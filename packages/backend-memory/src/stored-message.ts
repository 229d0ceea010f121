import type { ResolvedPublish } from '@slack-mcp/core/backend';

/** A message as it is kept: encoded once, shared by all groups. */
export interface StoredMessage {
  /** Its place in the log of its key. */
  readonly offset: number;
  /** The payload as JSON. */
  readonly text: string;
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly orderingKey: string | undefined;
}

/** What is kept of a published message. */
export function storeMessage(offset: number, message: ResolvedPublish): StoredMessage {
  const { text, messageId, timestamp, headers, orderingKey } = message;
  return { offset, text, messageId: flat(messageId), timestamp, headers, orderingKey };
}

// A text put together from pieces, as UUIDs are, is held as a tree of them, seven times its size, until it is searched.
function flat(text: string): string {
  /$/.test(text);
  return text;
}
