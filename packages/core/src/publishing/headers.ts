import { SerializationError } from '../contract/errors.ts';
import { isJsonObject } from '../contract/json.ts';
import { quote } from '../text/quote.ts';

/** The names of the headers that carry the metadata on every broker. */
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

const NAME = /^(?!slack-mcp-|__proto__$)[a-z0-9._-]{1,128}$/i;

/**
 * Validates the headers of a message and returns a frozen copy.
 *
 * @throws SerializationError - there are more than `maxHeaders` headers, a name is malformed or reserved, or a value is
 *   not a valid Unicode string
 */
export function checkHeaders(
  headers: Readonly<Record<string, string>> | undefined,
  maxHeaders: number = Number.POSITIVE_INFINITY,
): Readonly<Record<string, string>> {
  if (headers === undefined) return NONE;
  if (!isJsonObject(headers))
    throw new SerializationError("headers must be an object of strings (for example { source: 'web' })");
  const copy: Record<string, string> = {};
  const names = Object.keys(headers);
  if (names.length > maxHeaders) {
    throw new SerializationError(
      `a message with ${names.length} headers exceeds the limit of ${maxHeaders}: use fewer headers`,
    );
  }
  for (const name of names) {
    const value: unknown = headers[name];
    if (!NAME.test(name)) throw nameProblem(name);
    // A lone surrogate cannot be encoded as UTF-8: it would become another character.
    if (typeof value !== 'string' || !value.isWellFormed()) {
      throw new SerializationError(
        `the value of the header ${name} must be a string without lone surrogates: convert other types with String(value), and repair a text with value.toWellFormed()`,
      );
    }
    copy[name] = value;
  }
  return Object.freeze(copy);
}

function nameProblem(name: string): SerializationError {
  return new SerializationError(
    /^[a-z0-9._-]{1,128}$/i.test(name)
      ? `the header name ${name} is reserved: use a name other than slack-mcp-* and __proto__`
      : `${quote(name)} is not a valid header name: use 1 to 128 characters from A-Z a-z 0-9 . _ -`,
  );
}

const NONE: Readonly<Record<string, string>> = Object.freeze({});
