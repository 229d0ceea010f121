import type { QueueMessage } from './message.ts';
import type { QueueKey } from './queue-key.ts';
import type { QueuePayload } from './queue-payload.ts';

/** Options of `consume`. */
export interface ConsumeOptions {
  /** Name of the group, which matches `[A-Za-z0-9._-]{1,200}`. Without a group, the consumer is independent. */
  group?: string;
  /** The keys to read. Default: the configured keys of the backend. */
  keys?: QueueKey | readonly QueueKey[];
  /**
   * Aborting the signal ends the iteration immediately and without an error. Buffered messages are released to other
   * consumers.
   */
  signal?: AbortSignal;
  /**
   * `on-next` (default): requesting the next message acks the previous one.
   * `manual`: only `ack`, `nack` and `deadLetter` settle a message.
   */
  ack?: 'on-next' | 'manual';
  /** Maximum number of messages that are buffered or in flight. Default 64. */
  prefetch?: number;
  /**
   * Where a new group starts. Default `earliest`: the group starts with the oldest retained message. If `from` is a time,
   * the group starts with the first message that was published at that time or later, and so does a consumer without a
   * group. A time requires the capability `startTime`.
   */
  from?: 'earliest' | 'latest' | Date;
}

/**
 * The messages of one consumer. A `for await` loop is a complete worker: each step acks the previous message, so a
 * message is acked after it has been processed. `break` and `throw` end the loop through `return()`, which acks
 * nothing: the message in flight is delivered again unless its `ack()` was called.
 */
export interface Subscription<P extends QueuePayload = QueuePayload> extends AsyncIterableIterator<QueueMessage<P>> {
  /**
   * Resolves once the subscription exists at the broker and receives every message published from then on. Stays
   * pending while the broker is unavailable. Rejects on errors that a retry cannot fix. Never causes an unhandled
   * rejection.
   */
  readonly ready: Promise<void>;
  /**
   * Resolves with the next message, or with `done` after an abort or `close()`. Rejects on errors that a retry cannot
   * fix, for example wrong credentials.
   */
  next(): Promise<IteratorResult<QueueMessage<P>, undefined>>;
  /**
   * Changes the prefetch limit, for example to read further messages while a consumer cannot handle earlier messages
   * yet. Messages that are already in flight are not affected. The method is absent if the backend cannot change the
   * limit.
   */
  setPrefetch?(prefetch: number): void;
  /** Ends the iteration without an ack and releases the buffered messages. */
  return(): Promise<IteratorResult<QueueMessage<P>, undefined>>;
  /**
   * Ends the subscription: stops reading, releases the buffered messages, and waits up to `drainTimeoutMs` milliseconds
   * (default 10000) for the messages in flight to be settled. Idempotent.
   */
  close(options?: { drainTimeoutMs?: number }): Promise<void>;
}
