import type { QueueKey, QueuePayload } from './backend.ts';

/** What is known of a message besides its payload. */
export interface MessageMetadata {
  /** Stable across redeliveries, groups and the dead letters. */
  readonly messageId: string;
  /** When it was published, milliseconds since the epoch. */
  readonly timestamp: number;
  /** Earlier deliveries to this group; 0 on the first one and after a redrive. */
  readonly retryCount: number;
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

/** A message in hand. Settling twice is a no-op: the first settlement wins. */
export interface QueueMessage<P extends QueuePayload = QueuePayload> {
  readonly payload: P;
  readonly metadata: MessageMetadata;
  /** Aborted when this consumer no longer owns the message. */
  readonly signal: AbortSignal;
  /**
   * Resolves when the broker has it.
   *
   * @throws LeaseLostError - the message was given to another consumer meanwhile
   */
  ack(): Promise<void>;
  /** Gives it back for redelivery, not before `delayMs` milliseconds (default 0). Frees its prefetch slot. */
  nack(options?: { delayMs?: number }): Promise<void>;
  /**
   * Parks it for this group, then acks: never acked when parking failed.
   *
   * @throws UnsupportedError - on an independent consumer, which has no dead letters
   */
  deadLetter(reason: DeadLetterReason): Promise<void>;
}
