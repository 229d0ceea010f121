import { createHash } from 'node:crypto';
import { decodePayload, type MessageMetadata, type QueuePayload } from '@slack-mcp/core';
import { decodeMetadata, type ResolvedPublish, WIRE_HEADERS } from '@slack-mcp/core/backend';
import type { Options } from 'amqplib';
import { DELAY_HEADER } from './topology.ts';

/** Names of headers that only this backend uses. */
export const OWN = {
  /** The key of a message that was published directly to a queue, so that its routing key is the name of the queue. */
  key: 'slack-mcp-key',
  /** Number of deliveries before this copy of the message was published. */
  deliveries: 'slack-mcp-deliveries',
  /** The queue to which a redrive returns a dead letter. */
  queue: 'slack-mcp-queue',
} as const;

const OWN_NAMES: ReadonlySet<string> = new Set([...Object.values(OWN), DELAY_HEADER]);

/** Matches the names of headers that RabbitMQ adds or interprets. If a publisher uses such a name, it gets a prefix. */
const RESERVED =
  /^(?:CC|BCC|x-death|x-(?:first|last)-death-.*|x-delivery-count|x-acquired-count|x-opt-.*|x-delay|x-stream-.*|header\..*)$/;
const PREFIX = 'header.';

/** The parts of a received message that the codec reads. */
export interface WireMessage {
  readonly content: Buffer;
  readonly fields: { readonly routingKey: string; readonly redelivered: boolean };
  readonly properties: {
    readonly headers?: Readonly<Record<string, unknown>> | undefined;
    readonly messageId?: unknown;
    readonly timestamp?: unknown;
  };
}

/** The numbers of failures and deliveries before a message was published again. */
export interface Counts {
  readonly retryCount: number;
  readonly deliveryCount: number;
}

/** Maximum number of header names that an encoder keeps. */
const MAX_NAMES = 64;

/**
 * Creates a function that returns the AMQP properties of a new message. The properties are valid until the next call,
 * because all messages share one object of headers. A new object for each message would take about twice the time: the
 * client library makes the object a prototype, and JavaScript engines are slow to prepare a new prototype.
 */
export function createPropertiesEncoder(): (message: ResolvedPublish) => Options.Publish {
  let shared: Record<string, string | number | undefined> = {};
  let names = new Set<string>();
  return ({ headers, messageId, orderingKey, timestamp }) => {
    if (names.size > MAX_NAMES) {
      shared = {};
      names = new Set();
    }
    // The library leaves out headers that are undefined.
    for (const name of names) shared[name] = undefined;
    for (const name in headers) {
      const wireName = RESERVED.test(name) ? PREFIX + name : name;
      names.add(wireName);
      shared[wireName] = headers[name];
    }
    shared[WIRE_HEADERS.timestamp] = timestamp;
    shared[WIRE_HEADERS.orderingKey] = orderingKey;
    return properties(messageId, timestamp, shared);
  };
}

/** Returns the AMQP properties of a message that is published again, directly to a queue. */
export function encodeAgain(
  message: WireMessage,
  { messageId, timestamp, key }: Pick<MessageMetadata, 'messageId' | 'timestamp' | 'key'>,
  { counts, more = {} }: { counts?: Counts; more?: Record<string, string | number> } = {},
): Options.Publish {
  const headers: Record<string, unknown> = { ...keptHeaders(message), [OWN.key]: key, ...more };
  delete headers[WIRE_HEADERS.retryCount];
  delete headers[OWN.deliveries];
  headers[WIRE_HEADERS.timestamp] = timestamp;
  if (counts !== undefined) {
    headers[WIRE_HEADERS.retryCount] = counts.retryCount;
    headers[OWN.deliveries] = counts.deliveryCount;
  }
  return properties(messageId, timestamp, headers);
}

function properties(messageId: string, timestamp: number, headers: Record<string, unknown>): Options.Publish {
  return {
    messageId,
    // Whole seconds, as AMQP requires. The header has the milliseconds.
    timestamp: Math.floor(timestamp / 1_000),
    contentType: 'application/json',
    deliveryMode: 2,
    mandatory: true,
    headers,
  };
}

/**
 * Decodes the metadata of a message. Derives missing or malformed values from the message. Never throws.
 *
 * @param group - the group that received the message, if any
 */
export function decodeMessage(message: WireMessage, group?: string): MessageMetadata {
  const { fields, properties: wire } = message;
  const raw = wire.headers ?? {};
  const entries: unknown[] = [];
  for (const name in raw) {
    if (!RESERVED.test(name)) {
      if (!OWN_NAMES.has(name)) entries.push(name, raw[name]);
    } else if (name.startsWith(PREFIX)) {
      entries.push(name.slice(PREFIX.length), raw[name]);
    }
  }
  const { messageId, timestamp } = wire;
  const metadata = decodeMetadata(entries, {
    messageId: typeof messageId === 'string' && messageId !== '' ? messageId : digest(message.content),
    timestamp: (count(timestamp) ?? Math.floor(Date.now() / 1_000)) * 1_000,
  });
  const key = raw[OWN.key];
  return {
    ...metadata,
    key: typeof key === 'string' ? key : fields.routingKey,
    retryCount: metadata.retryCount ?? 0,
    deliveryCount: (count(raw[OWN.deliveries]) ?? 0) + lossesOf(message) + 1,
    ...(group === undefined ? {} : { group }),
  };
}

/**
 * Returns how often this copy of the message was returned to its queue. A quorum queue counts the returns; for a
 * classic queue, RabbitMQ reports only whether the message was returned.
 */
export function lossesOf({ fields, properties: wire }: WireMessage): number {
  return (
    count(wire.headers?.['x-delivery-count']) ??
    (wire.headers?.['x-acquired-count'] === undefined && fields.redelivered ? 1 : 0)
  );
}

/**
 * @throws SerializationError - the bytes are not a JSON object in UTF-8
 */
export function decodeContent({ content }: WireMessage): QueuePayload {
  return decodePayload(content);
}

/** Returns the headers of a message, except the headers that RabbitMQ added. */
function keptHeaders({ properties: { headers = {} } }: WireMessage): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => name !== DELAY_HEADER && (name.startsWith(PREFIX) || !RESERVED.test(name)),
    ),
  );
}

function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** Returns an id for a message that another program published without an id. */
function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
