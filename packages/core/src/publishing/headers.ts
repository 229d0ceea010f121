import { SerializationError } from '../contract/errors.ts';
import { isJsonObject } from '../contract/json.ts';
import { quote } from '../text/quote.ts';

/** Names under which metadata travels beside the payload, on every broker. */
export const WIRE_HEADERS: {
  readonly messageId: 'slack-mcp-message-id';
  readonly timestamp: 'slack-mcp-timestamp';
  readonly orderingKey: 'slack-mcp-ordering-key';
  readonly retryCount: 'slack-mcp-retry-count';
} = {
  messageId: 'slack-mcp-message-id',
  timestamp: 'slack-mcp-timestamp',
  orderingKey: 'slack-mcp-ordering-key',
  retryCount: 'slack-mcp-retry-count',
};

const RESERVED = /^slack-mcp-/i;
const NAME = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * A frozen copy of the user's headers.
 *
 * @throws SerializationError - more than `maxHeaders`, a malformed or reserved name, or a value that is not a string of Unicode
 */
export function checkHeaders(
  headers: Readonly<Record<string, string>> | undefined,
  maxHeaders: number = Number.POSITIVE_INFINITY,
): Readonly<Record<string, string>> {
  if (headers === undefined) return NONE;
  if (!isJsonObject(headers)) throw new SerializationError('headers are an object of strings');
  const copy: Record<string, string> = {};
  const names = Object.keys(headers);
  if (names.length > maxHeaders) {
    throw new SerializationError(`a message of ${names.length} headers is above the limit of ${maxHeaders}`);
  }
  for (const name of names) {
    const value: unknown = headers[name];
    if (!NAME.test(name)) {
      throw new SerializationError(`${quote(name)} is not a header name: 1 to 128 of A-Z a-z 0-9 . _ -`);
    }
    if (name === '__proto__' || RESERVED.test(name)) {
      throw new SerializationError(`the header ${name} is reserved: slack-mcp-* and __proto__ are not for use`);
    }
    // A lone surrogate has no bytes in UTF-8: it would arrive as another character.
    if (typeof value !== 'string' || !value.isWellFormed()) {
      throw new SerializationError(`the header ${name} is not a string of Unicode`);
    }
    copy[name] = value;
  }
  return Object.freeze(copy);
}

const NONE: Readonly<Record<string, string>> = Object.freeze({});
