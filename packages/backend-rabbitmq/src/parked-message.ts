import { createHash } from 'node:crypto';
import type { DeadLetter, MessageMetadata } from '@slack-mcp/core';
import { decodeParkingRecord, encodeParkingRecord, PARKING_HEADER } from '@slack-mcp/core/backend';
import type { ConsumeMessage, Options } from 'amqplib';
import { decodeContent, decodeMessage, encodeAgain, OWN, type WireMessage } from './message-codec.ts';

/** The origin of a parked message and the reason for parking. */
export interface Parking {
  readonly id: string;
  /** The queue that the message came from. A redrive returns the message to this queue. */
  readonly queue: string;
  readonly reason: DeadLetter['reason'];
}

/** Returns the AMQP properties for parking a message. */
export function encodeParked(
  message: WireMessage,
  metadata: Pick<MessageMetadata, 'messageId' | 'timestamp' | 'key' | 'retryCount'>,
  { id, queue, reason }: Parking,
): Options.Publish {
  const record = encodeParkingRecord({ id, retryCount: metadata.retryCount, at: Date.now(), reason });
  return encodeAgain(message, metadata, { more: { [PARKING_HEADER]: record, [OWN.queue]: queue } });
}

/** Returns the AMQP properties for redriving a dead letter. */
export function encodeRedriven(message: WireMessage): Options.Publish {
  const { headers, ...properties } = encodeAgain(message, decodeMessage(message));
  const { [PARKING_HEADER]: _, [OWN.queue]: __, ...others } = headers as Record<string, unknown>;
  return { ...properties, headers: others };
}

/** A dead letter, with the queue of its original message. */
export interface ParkedMessage {
  readonly letter: DeadLetter;
  readonly queue: string | undefined;
  readonly message: ConsumeMessage;
}

/**
 * Decodes a dead letter. Never throws, even if RabbitMQ or another program put the message into the dead-letter queue.
 */
export function readParked(message: ConsumeMessage, group: string): ParkedMessage {
  const { messageId, timestamp, key, orderingKey, headers, retryCount } = decodeMessage(message);
  const wire = message.properties.headers ?? {};
  const death = deathOf(message);
  const id = `${String(death.at).padStart(15, '0')}-${digest(`${messageId}\n${death.queue}`)}`;
  const stored = typeof wire[PARKING_HEADER] === 'string' ? wire[PARKING_HEADER] : undefined;
  const record = decodeParkingRecord(stored, { id, at: death.at });
  const isOurs = record.reason.code !== 'FOREIGN';
  const queue = isOurs ? wire[OWN.queue] : death.queue;
  const letter: DeadLetter = {
    id: record.id,
    messageId,
    key: isOurs ? key : (death.key ?? key),
    group,
    ...content(message),
    headers,
    ...(orderingKey === undefined ? {} : { orderingKey }),
    timestamp,
    deadLetteredAt: record.at,
    retryCount: isOurs ? record.retryCount : retryCount,
    reason: isOurs ? record.reason : (death.reason ?? record.reason),
  };
  return { letter, queue: typeof queue === 'string' ? queue : undefined, message };
}

interface Death {
  readonly at: number;
  readonly queue: string | undefined;
  readonly key: string | undefined;
  readonly reason: DeadLetter['reason'] | undefined;
}

/** Returns the reason why RabbitMQ moved a message to the dead letters. */
function deathOf({ properties: { headers, timestamp } }: ConsumeMessage): Death {
  const [first] = (headers?.['x-death'] ?? []) as readonly {
    queue?: unknown;
    reason?: unknown;
    time?: { value?: unknown };
    'routing-keys'?: readonly unknown[];
  }[];
  const seconds = Number(first?.time?.value ?? timestamp);
  const at = Number.isFinite(seconds) ? seconds * 1_000 : 0;
  if (first === undefined) return { at, queue: undefined, key: undefined, reason: undefined };
  const [key] = first['routing-keys'] ?? [];
  return {
    at,
    queue: typeof first.queue === 'string' ? first.queue : undefined,
    key: typeof key === 'string' ? key : undefined,
    reason: {
      code: String(first.reason).toUpperCase(),
      message: `RabbitMQ moved the message to the dead letters: ${String(first.reason)}`,
    },
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
