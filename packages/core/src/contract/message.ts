import type { QueueKey } from './queue-key.ts';
import type { QueuePayload } from './queue-payload.ts';

/** What is known of a message besides its payload. */
export interface MessageMetadata {
  /** Stable across redeliveries, groups and the dead letters. */
  readonly messageId: string;
  /** When it was published, milliseconds since the epoch. */
  readonly timestamp: number;
  /**
   * Failures of this message in this group: how often a consumer called `nack`, kept across crashes. 0 at first and after
   * a redrive. A delivery that ended without a settlement is no failure.
   */
  readonly retryCount: number;
  /**
   * Deliveries to this group that have begun, this one included: 1 on the first one and after a redrive. Being fetched,
   * buffered, released, or handed back when a consumer closes does not count.
   */
  readonly deliveryCount: number;
  readonly key: QueueKey;
  readonly group?: string;
  readonly orderingKey?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Why a message is parked. */
export interface DeadLetterReason {
  /** Its name and message are kept, its stack and cause are not. */
  error?: unknown;
  /** A short, stable word such as `MAX_RETRIES`. */
  code?: string;
}

/**
 * A message that was handed out. The first settlement wins; a later one resolves with it.
 *
 * A settlement that was called is the subscription's to carry out: it repeats what the broker refuses or leaves
 * unanswered until the broker takes it, or the lease is lost and the message is delivered again. So a rejection of `ack`,
 * `nack` or `deadLetter` is one of three:
 *
 * - `LeaseLostError`: this consumer no longer owns the message, since another one does or the subscription ended first. It
 *   was or will be delivered again.
 * - `QueueTimeoutError`: the broker did not confirm within the backend's `timeoutMs`. The subscription keeps trying; call
 *   again to wait for the outcome.
 * - another error: the broker refuses for good. The message is delivered again; a refused `ack` or `nack` also ends the
 *   subscription with the error.
 *
 * Each settlement frees the message's prefetch slot when it is called.
 */
export interface QueueMessage<P extends QueuePayload = QueuePayload> {
  readonly payload: P;
  readonly metadata: MessageMetadata;
  /** Aborted when this consumer no longer owns the message. */
  readonly signal: AbortSignal;
  /** Marks the message as processed. Resolves when the broker has stored that. */
  ack(): Promise<void>;
  /** Reports a failure and gives the message back for redelivery, not before `delayMs` milliseconds (default 0). */
  nack(options?: { delayMs?: number }): Promise<void>;
  /**
   * Parks the message for its group, then acks it. A message that could not be parked is never acked.
   *
   * @throws UnsupportedError - on an independent consumer, which has no dead letters
   */
  deadLetter(reason: DeadLetterReason): Promise<void>;
}
