import type { QueueKey } from './queue-key.ts';
import type { QueuePayload } from './queue-payload.ts';

/** The metadata of a message. */
export interface MessageMetadata {
  /** Identifies the message. The id is the same on every delivery, in every group and in the dead letters. */
  readonly messageId: string;
  /** When the message was published, in milliseconds since the epoch. */
  readonly timestamp: number;
  /**
   * How often consumers of this group called `nack` for this message. The count survives crashes, and is 0 on the first
   * delivery and after a redrive. A delivery that ended without a settlement does not count.
   */
  readonly retryCount: number;
  /**
   * How often the message was delivered to this group, including this delivery. The count is 1 on the first delivery
   * and after a redrive. Messages that a consumer only fetched or buffered, or returned when it closed, do not count.
   */
  readonly deliveryCount: number;
  readonly key: QueueKey;
  readonly group?: string;
  readonly orderingKey?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The reason for parking a message. */
export interface DeadLetterReason {
  /** The error. The dead letter stores the error's name and message, but not its stack and cause. */
  error?: unknown;
  /** A short, stable code, for example `MAX_RETRIES`. */
  code?: string;
}

/**
 * A delivered message. Settle it with `ack`, `nack` or `deadLetter`. The first call decides the outcome and immediately
 * frees the prefetch slot of the message. Later calls return the outcome of the first call.
 *
 * The subscription retries a settlement until the broker confirms it or the lease is lost. A settlement rejects with
 * `LeaseLostError` if this consumer no longer owns the message, because another consumer owns it or the subscription
 * has ended; the message was or will be delivered again. A settlement rejects with `QueueTimeoutError` if the broker
 * did not confirm within the `timeoutMs` of the backend; the subscription keeps retrying the settlement, and you can
 * call the method again to wait for the outcome. Any other error means that the broker rejected the settlement
 * permanently; the message is delivered again. If the broker rejected `ack` or `nack`, the subscription also ends with
 * the error.
 */
export interface QueueMessage<P extends QueuePayload = QueuePayload> {
  readonly payload: P;
  readonly metadata: MessageMetadata;
  /** Aborts when this consumer no longer owns the message. */
  readonly signal: AbortSignal;
  /** Marks the message as processed. Resolves once the broker has confirmed the ack. */
  ack(): Promise<void>;
  /** Marks the message as failed. The broker delivers it again after at least `delayMs` milliseconds (default 0). */
  nack(options?: { delayMs?: number }): Promise<void>;
  /**
   * Parks the message as a dead letter of its group, then acks it. A message is never acked if it could not be parked.
   *
   * @throws UnsupportedError - the consumer has no group and therefore no dead letters
   */
  deadLetter(reason: DeadLetterReason): Promise<void>;
}
