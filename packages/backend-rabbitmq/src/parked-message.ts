import { createHash } from 'node:crypto';
import type { DeadLetter, MessageMetadata } from '@slack-mcp/core';
import type { ConsumeMessage, Options } from 'amqplib';
import { decodeContent, decodeMetadata, encodeAgain, type WireMessage } from './message-codec.ts';

/** The header that contains the record of a dead letter. */
const RECORD = 'slack-mcp-dead-letter';

/** What a dead letter contains besides its message. */
export interface ParkingRecord {
  readonly id: string;
  /** The queue that the message came from, and to which a redrive returns it. */
  readonly queue: string;
  readonly reason: DeadLetter['reason'];
}

interface StoredRecord extends ParkingRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly retryCount: number;
}

/** The properties with which a message is parked. */
export function encodeParked(
  message: WireMessage,
  metadata: Pick<MessageMetadata, 'messageId' | 'timestamp' | 'key' | 'retryCount'>,
  { id, queue, reason }: ParkingRecord,
): Options.Publish {
  const record: StoredRecord = { id, queue, at: Date.now(), retryCount: metadata.retryCount, reason };
  return encodeAgain(message, metadata, { more: { [RECORD]: JSON.stringify(record) } });
}

/** The properties with which a dead letter is delivered again. */
export function encodeRedriven(message: WireMessage): Options.Publish {
  const { headers, ...properties } = encodeAgain(message, decodeMetadata(message));
  const { [RECORD]: _, ...others } = headers as Record<string, unknown>;
  return { ...properties, headers: others };
}

/** A dead letter, and the queue that it came from. */
export interface ParkedMessage {
  readonly letter: DeadLetter;
  readonly queue: string | undefined;
  readonly message: ConsumeMessage;
}

/** Never throws, even if RabbitMQ itself or another program put the message into the queue. */
export function readParked(message: ConsumeMessage, group: string): ParkedMessage {
  const { messageId, timestamp, key, orderingKey, headers } = decodeMetadata(message);
  const death = deathOf(message);
  const record = storedRecord(message) ?? {
    id: `${String(death.at).padStart(15, '0')}-${digest(`${messageId}\n${death.queue}`)}`,
    queue: death.queue,
    at: death.at,
    retryCount: decodeMetadata(message).retryCount,
    reason: death.reason,
  };
  const letter: DeadLetter = {
    id: record.id,
    messageId,
    key: storedRecord(message) === undefined ? (death.key ?? key) : key,
    group,
    ...content(message),
    headers,
    ...(orderingKey === undefined ? {} : { orderingKey }),
    timestamp,
    deadLetteredAt: record.at,
    retryCount: record.retryCount,
    reason: record.reason,
  };
  return { letter, queue: record.queue, message };
}

function storedRecord({ properties: { headers } }: ConsumeMessage): StoredRecord | undefined {
  let record: Partial<StoredRecord> | null;
  try {
    record = JSON.parse(String(headers?.[RECORD]));
  } catch {
    return undefined;
  }
  const { id, queue, at, retryCount, reason } = record ?? {};
  const isWhole = typeof id === 'string' && typeof queue === 'string' && typeof at === 'number';
  if (!isWhole || typeof retryCount !== 'number' || typeof reason !== 'object' || reason === null) return undefined;
  return { id, queue, at, retryCount, reason };
}

interface Death {
  readonly at: number;
  readonly queue: string | undefined;
  readonly key: string | undefined;
  readonly reason: DeadLetter['reason'];
}

/** Why RabbitMQ itself parked a message. */
function deathOf({ properties: { headers, timestamp } }: ConsumeMessage): Death {
  const [first] = (headers?.['x-death'] ?? []) as readonly {
    queue?: unknown;
    reason?: unknown;
    time?: { value?: unknown };
    'routing-keys'?: readonly unknown[];
  }[];
  const seconds = Number(first?.time?.value ?? timestamp);
  const at = Number.isFinite(seconds) ? seconds * 1_000 : 0;
  if (first === undefined) {
    const reason = { code: 'FOREIGN', message: 'it was not parked by this package' };
    return { at, queue: undefined, key: undefined, reason };
  }
  const [key] = first['routing-keys'] ?? [];
  return {
    at,
    queue: typeof first.queue === 'string' ? first.queue : undefined,
    key: typeof key === 'string' ? key : undefined,
    reason: { code: String(first.reason).toUpperCase(), message: `RabbitMQ parked it: ${String(first.reason)}` },
  };
}

function content(message: ConsumeMessage): Pick<DeadLetter, 'payload'> | Pick<DeadLetter, 'raw'> {
  try {
    return { payload: decodeContent(message) };
  } catch {
    return { raw: new Uint8Array(message.content) };
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
