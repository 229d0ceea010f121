import type { BackendCapabilities } from './capabilities.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { EncodedPayload } from './encoded-payload.ts';
import type { Logger } from './logger.ts';
import type { QueueKey } from './queue-key.ts';
import type { QueuePayload } from './queue-payload.ts';
import type { ConsumeOptions, Subscription } from './subscription.ts';

export type { QueueKey } from './queue-key.ts';
export type { QueuePayload } from './queue-payload.ts';

/** A payload to publish: an object, or JSON text that `encodedPayload` has validated. */
export type PublishPayload = QueuePayload | EncodedPayload;

/**
 * The group a consumer belongs to. The members of a group share its messages. `undefined` means an independent
 * consumer, which receives every message.
 */
export type ConsumerGroup = string | undefined;

/** The settings that {@link QueueBackendClass.fromEnv} reads from the environment, before validation. */
export type QueueBackendConfig = Record<string, string | number | boolean>;

/** Options of {@link QueueBackend.publish}. */
export interface PublishOptions {
  /**
   * Identifies the message on every delivery, in every group and in the dead letters. Default: a new UUID. On backends
   * that declare `idempotentPublish`, publishing the same id to the same key again within the dedupe window has no
   * effect. The same id on another key identifies another message.
   */
  messageId?: string;
  /** Headers to deliver with the message. Names match `[A-Za-z0-9._-]{1,128}`. The prefix `slack-mcp-` is reserved. */
  headers?: Record<string, string>;
  /**
   * Messages with the same ordering key keep their order if the backend supports ordering keys. All backends accept an
   * ordering key, including backends that do not support ordering.
   */
  orderingKey?: string;
  /** Stops waiting for the broker. After an abort, the outcome is unknown: publish again with the same `messageId`. */
  signal?: AbortSignal;
  /**
   * Maximum time to wait for the broker in milliseconds, including outages. Default: the `timeoutMs` of the backend.
   */
  timeoutMs?: number;
}

/** The state of a backend. `detail` never contains a secret. */
export interface BackendHealth {
  status: 'up' | 'degraded' | 'down';
  /** Duration of a round trip to the broker in milliseconds. */
  latencyMs?: number;
  /**
   * Number of messages that groups have not settled yet, excluding dead letters. Absent if the backend cannot count
   * messages.
   */
  backlog?: number;
  /**
   * The groups of the configured keys whose messages the backend can count, at most 50. Absent if it can count none.
   */
  groups?: readonly GroupHealth[];
  detail: Record<string, string | number | boolean>;
}

/** The unsettled messages and dead letters of a group under one key. */
export interface GroupHealth {
  /** The key, or `*` if the numbers cover all keys of the group. */
  readonly key: QueueKey;
  readonly group: string;
  /**
   * Number of messages that the group has not settled, excluding dead letters. If the backend knows only a maximum,
   * `lag` is that maximum. If the broker counts only waiting messages, `lag` does not include messages in flight.
   */
  readonly lag?: number;
  /**
   * Age in milliseconds of the oldest message that the group has not settled. 0 if there is no such message; absent if
   * the broker does not report it.
   */
  readonly oldestAgeMs?: number;
  /** Number of dead letters; absent if the backend does not count them. */
  readonly deadLetters?: number;
}

/**
 * A message queue. Create a backend with `new` and options, or with {@link QueueBackendClass.fromEnv}. The backend
 * connects to its broker on first use, not when it is created.
 */
export interface QueueBackend extends AsyncDisposable {
  /** The name of the backend, as in `QUEUE_BACKEND`. */
  readonly name: string;
  /** What the backend supports. */
  readonly capabilities: BackendCapabilities;
  /** Host and port of the broker for logs, without credentials. The endpoint is absent if the backend has no broker. */
  readonly endpoint?: string;

  /**
   * Publishes a message. Resolves once the broker has stored the message. If the broker is unavailable, retries for up
   * to `timeoutMs` milliseconds, then rejects with a retryable error.
   *
   * @throws SerializationError - the payload is not JSON, or a header is malformed; nothing was sent
   * @throws PayloadTooLargeError - the payload exceeds `capabilities.maxPayloadBytes`
   * @throws QueueFullError - storing the message would drop messages that a group has not processed
   * @throws QueueTimeoutError - the outcome is unknown; publish again with the same `messageId`
   * @throws QueueClosedError - `close()` was called
   */
  publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void>;

  /**
   * Starts a subscription. The members of a group share the messages of the group. A consumer without a group receives
   * every message published after {@link Subscription.ready}, stores no position and leaves nothing at the broker.
   *
   * @throws ConfigurationError - an option is invalid
   * @throws UnsupportedError - `keys` contains a pattern and `capabilities.patterns` is false
   */
  consume<P extends QueuePayload = QueuePayload>(options?: ConsumeOptions): Subscription<P>;

  /** Gives access to the dead letters of a group. `keys` defaults to the configured keys of the backend. */
  deadLetters(options: { group: string; keys?: readonly QueueKey[] }): DeadLetters;

  /** Reports the state of the backend. Never changes data at the broker and never rejects. */
  health(): Promise<BackendHealth>;

  /**
   * Closes the backend: stops reading, waits up to `drainTimeoutMs` milliseconds (default 10000) for messages in flight
   * to be settled, flushes pending publishes, then disconnects. Idempotent.
   */
  close(options?: { drainTimeoutMs?: number }): Promise<void>;
}

/** The constructor of a backend class, with its static methods. */
export interface QueueBackendClass<B extends QueueBackend = QueueBackend> {
  /**
   * Creates a backend from environment variables. Runs synchronously and opens no connection.
   *
   * @throws ConfigurationError - a variable is invalid; the message names it and gives an example, never a secret
   */
  fromEnv(env?: Readonly<Record<string, string | undefined>>, options?: { logger?: Logger }): B;
}
