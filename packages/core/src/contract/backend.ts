import type { BackendCapabilities } from './capabilities.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { EncodedPayload } from './encoded-payload.ts';
import type { Logger } from './logger.ts';
import type { QueueKey } from './queue-key.ts';
import type { QueuePayload } from './queue-payload.ts';
import type { ConsumeOptions, Subscription } from './subscription.ts';

export type { QueueKey } from './queue-key.ts';
export type { QueuePayload } from './queue-payload.ts';

/** What can be published: an object, or JSON text that `encodedPayload` checked. */
export type PublishPayload = QueuePayload | EncodedPayload;

/** The members of a group share its messages. `undefined` is an independent consumer that sees everything. */
export type ConsumerGroup = string | undefined;

/** What {@link QueueBackendClass.fromEnv} reads from the environment, before validation. */
export type QueueBackendConfig = Record<string, string | number | boolean>;

/** Options of {@link QueueBackend.publish}. */
export interface PublishOptions {
  /**
   * Identity of the message on every delivery, in every group and in the dead letters. Default: a new UUID.
   * Publishing an id again to the same key within the dedupe window is a no-op on backends that declare
   * `idempotentPublish`; on another key it is another message.
   */
  messageId?: string;
  /** Carried with the message. Names match `[A-Za-z0-9._-]{1,128}`; the prefix `slack-mcp-` is reserved. */
  headers?: Record<string, string>;
  /** Messages with the same ordering key keep their order where the broker can; a hint, never refused. */
  orderingKey?: string;
  /** Gives up waiting. The outcome is then unknown: publish again with the same `messageId`. */
  signal?: AbortSignal;
  /** Milliseconds to wait for the broker, outages included, before rejecting. Default: the backend's, 30000. */
  timeoutMs?: number;
}

/** State of a backend. `detail` never holds a secret. */
export interface BackendHealth {
  status: 'up' | 'degraded' | 'down';
  /** Milliseconds of a round trip to the broker. */
  latencyMs?: number;
  /** Messages owed to groups and not settled yet, dead letters aside, where the backend knows it. */
  backlog?: number;
  detail: Record<string, string | number | boolean>;
}

/**
 * One broker behind one contract. Instances are created by `new` with options or by {@link QueueBackendClass.fromEnv};
 * neither opens a connection, the first use does.
 */
export interface QueueBackend extends AsyncDisposable {
  /** The backend's name, as in `QUEUE_BACKEND`. */
  readonly name: string;
  readonly capabilities: BackendCapabilities;
  /** Where its broker is, for logs: host and port, without credentials. Absent where there is no broker. */
  readonly endpoint?: string;

  /**
   * Resolves only when the broker has taken the message. While the broker is away it waits and retries up to
   * `timeoutMs`, then rejects with a retryable error. It never hangs and never resolves falsely.
   *
   * @throws SerializationError - the payload is not JSON, or a header is malformed; nothing was sent
   * @throws PayloadTooLargeError - above `capabilities.maxPayloadBytes`
   * @throws QueueFullError - taking it would drop what a group is owed
   * @throws QueueTimeoutError - the outcome is unknown; publish again with the same `messageId`
   * @throws QueueClosedError - after `close()`
   */
  publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void>;

  /**
   * Starts a subscription. With a group its members share the messages; without one this consumer sees every
   * message published after {@link Subscription.ready}, keeps no position and leaves nothing behind.
   *
   * @throws ConfigurationError - invalid options
   * @throws UnsupportedError - a pattern in `keys` where `capabilities.patterns` is false
   */
  consume<P extends QueuePayload = QueuePayload>(options?: ConsumeOptions): Subscription<P>;

  /** The parked messages of a group, over `keys` (default: the backend's configured keys). */
  deadLetters(options: { group: string; keys?: readonly QueueKey[] }): DeadLetters;

  /** Reports the state without changing anything at the broker. Never rejects. */
  health(): Promise<BackendHealth>;

  /**
   * Stops the intake, lets what was handed out be settled until the drain time is over, flushes, disconnects.
   * Idempotent. `drainTimeoutMs`: milliseconds, default 10000.
   */
  close(options?: { drainTimeoutMs?: number }): Promise<void>;
}

/** The static side of a backend class. */
export interface QueueBackendClass<B extends QueueBackend = QueueBackend> {
  /**
   * Reads the environment. Synchronous; opens nothing.
   *
   * @throws ConfigurationError - names the variable, gives an example value, never prints a secret
   */
  fromEnv(env?: Readonly<Record<string, string | undefined>>, options?: { logger?: Logger }): B;
}
