import { SerializationError } from '../contract/errors.ts';

/** A message of an MCP task. The members are the same as in `QueuedMessage` of the MCP SDK. */
export interface TaskMessage {
  readonly type: string;
  readonly message: object;
  /** When the message was queued, in milliseconds since the epoch. */
  readonly timestamp: number;
}

/**
 * Encodes a queued message as JSON in the format of the Python package `rabbitmq-mcp-task-queue`, with the members
 * `type`, `message`, `timestamp` (ISO 8601) and `original_request_id`.
 *
 * @throws SerializationError - the message cannot be represented as JSON
 */
export function encodeQueuedMessage({ type, message, timestamp }: TaskMessage): string {
  try {
    return JSON.stringify({
      type,
      message,
      timestamp: new Date(timestamp).toISOString(),
      original_request_id: ('id' in message ? message.id : undefined) ?? null,
    });
  } catch (cause) {
    throw new SerializationError('the task message cannot be represented as JSON, or its timestamp is invalid', {
      cause,
    });
  }
}

/**
 * Decodes a message from {@link encodeQueuedMessage} or from the Python package `rabbitmq-mcp-task-queue`. Removes
 * members that are null. A timestamp without an offset is in UTC, and a numeric timestamp is in milliseconds.
 *
 * @throws SerializationError - the text is not a valid queued message; the error does not quote the content
 */
export function decodeQueuedMessage(text: string): TaskMessage {
  const { type, message, timestamp } = object(parse(text), 'the queued task message');
  const decoded = withoutNulls(object(message, 'the member message of the queued task message'));
  if (isObject(decoded['error'])) decoded['error'] = withoutNulls(decoded['error']);
  if (decoded['jsonrpc'] !== '2.0')
    throw new SerializationError('the queued task message does not contain a JSON-RPC 2.0 message');
  const needed = typeof type === 'string' ? MEMBERS.get(type) : undefined;
  if (needed === undefined)
    throw new SerializationError(
      `the type of the queued task message is unknown: use ${[...MEMBERS.keys()].join(', ')}`,
    );
  for (const [member, isRight] of needed) {
    if (!isRight(decoded[member]))
      throw new SerializationError(`the member ${member} of the queued ${type} is missing or has the wrong type`);
  }
  return { type: type as string, message: decoded, timestamp: milliseconds(timestamp) };
}

type Members = readonly (readonly [name: string, isRight: (value: unknown) => boolean])[];

const isText = (value: unknown): boolean => typeof value === 'string';
const isId = (value: unknown): boolean => typeof value === 'string' || Number.isSafeInteger(value);
const isError = (value: unknown): boolean =>
  isObject(value) && Number.isSafeInteger(value['code']) && isText(value['message']);

const MEMBERS: ReadonlyMap<string, Members> = new Map<string, Members>([
  [
    'request',
    [
      ['id', isId],
      ['method', isText],
      ['params', isAbsentOr(isObject)],
    ],
  ],
  [
    'notification',
    [
      ['method', isText],
      ['params', isAbsentOr(isObject)],
    ],
  ],
  [
    'response',
    [
      ['id', isId],
      ['result', isObject],
    ],
  ],
  [
    'error',
    [
      ['id', isAbsentOr(isId)],
      ['error', isError],
    ],
  ],
]);

function isAbsentOr(isRight: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || isRight(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's error would quote the text.
    throw new SerializationError('the queued task message is not valid JSON');
  }
}

function object(value: unknown, name: string): Record<string, unknown> {
  if (!isObject(value)) throw new SerializationError(`${name} is not an object`);
  return value;
}

function withoutNulls(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

function milliseconds(timestamp: unknown): number {
  const time = typeof timestamp === 'string' ? Date.parse(withOffset(timestamp)) : timestamp;
  if (typeof time !== 'number' || !Number.isFinite(time))
    throw new SerializationError('the timestamp of the queued task message is not valid: use ISO 8601 or milliseconds');
  return time;
}

/** Adds the offset `Z` to a time without an offset, which JavaScript would read as local time. */
function withOffset(timestamp: string): string {
  return /(?:Z|[+-]\d{2}:?\d{2})$/i.test(timestamp) ? timestamp : `${timestamp}Z`;
}
