import { SerializationError } from './errors.ts';

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

const RESERVED = 'slack-mcp-';
const NAME = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * A frozen copy of the user's headers.
 *
 * @throws SerializationError - a malformed or reserved name, or a value that is not a string
 */
export function checkHeaders(headers: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  if (headers === undefined) return NONE;
  const copy: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name))
      throw new SerializationError(
        `${JSON.stringify(name.slice(0, 60))} is not a header name: 1 to 128 of A-Z a-z 0-9 . _ -`,
      );
    if (name.toLowerCase().startsWith(RESERVED))
      throw new SerializationError(`the header ${name} is reserved: names may not begin with ${RESERVED}`);
    if (typeof value !== 'string')
      throw new SerializationError(`the header ${name} is a ${typeof value}, not a string`);
    copy[name] = value;
  }
  return Object.freeze(copy);
}

const NONE: Readonly<Record<string, string>> = Object.freeze({});
