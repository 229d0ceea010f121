import { randomUUID } from 'node:crypto';
import { MAX_TIMER_MS } from '../config/resolve-integers.ts';
import type { PublishOptions, PublishPayload, QueueKey } from '../contract/backend.ts';
import { ConfigurationError } from '../contract/errors.ts';
import { assertKey } from '../contract/keys.ts';
import { quote } from '../text/quote.ts';
import { checkHeaders } from './headers.ts';
import { encodePayload } from './payload.ts';

/** A validated message that is ready to be sent. */
export interface ResolvedPublish {
  readonly key: QueueKey;
  /** The payload as JSON. */
  readonly text: string;
  readonly messageId: string;
  /** Whether the caller set `messageId`, so that the backend must recognize a repeated publish. */
  readonly identified: boolean;
  /** When the message was published, in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly orderingKey: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** The limits of a backend for published messages. */
export interface PublishLimits {
  maxPayloadBytes: number | null;
  /** Maximum number of headers of a message. Default: no limit. */
  maxHeaders?: number;
  /** Default timeout of a publish in milliseconds. Default 30000. */
  timeoutMs?: number;
}

/**
 * Validates and encodes a message before it is sent.
 *
 * @throws ConfigurationError - the key or an option is malformed
 * @throws SerializationError - the payload is not JSON, or a header is malformed
 * @throws PayloadTooLargeError - the payload exceeds `maxPayloadBytes`
 * @throws the `reason` of the signal, if the signal is already aborted
 */
export function resolvePublish(
  key: QueueKey,
  payload: PublishPayload,
  options: PublishOptions | undefined,
  limits: PublishLimits,
): ResolvedPublish {
  const { messageId, orderingKey, signal, timeoutMs = limits.timeoutMs ?? 30_000 } = options ?? {};
  assertKey(key);
  if (messageId !== undefined) assertText('messageId', messageId);
  if (orderingKey !== undefined) assertText('orderingKey', orderingKey);
  if (!(typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs <= MAX_TIMER_MS)) {
    throw new ConfigurationError(
      `timeoutMs is ${quote(timeoutMs)}: use a number of milliseconds from 1 to ${MAX_TIMER_MS} (for example { timeoutMs: 5000 })`,
    );
  }
  const headers = checkHeaders(options?.headers, limits.maxHeaders);
  const text = encodePayload(payload, limits.maxPayloadBytes);
  signal?.throwIfAborted();
  return {
    key,
    text,
    messageId: messageId ?? randomUUID(),
    identified: messageId !== undefined,
    timestamp: Date.now(),
    headers,
    orderingKey,
    signal,
    timeoutMs,
  };
}

// AMQP limits a message id to 255 bytes. Well-formed text is unchanged when encoded as UTF-8.
function assertText(name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '' && value.isWellFormed() && Buffer.byteLength(value) <= 255) return;
  throw new ConfigurationError(
    `${name} is ${quote(value)}: use a string of 1 to 255 bytes in UTF-8 (for example { ${name}: 'Ev08MFMKH6' })`,
  );
}
