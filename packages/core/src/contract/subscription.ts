import type { QueueMessage } from './message.ts';
import type { QueueKey } from './queue-key.ts';
import type { QueuePayload } from './queue-payload.ts';

/** Options of `consume`. */
export interface ConsumeOptions {
  /** Name of the group, `[A-Za-z0-9._-]{1,200}`. Absent: an independent consumer. */
  group?: string;
  /** Keys to read together. Default: the backend's configured keys. */
  keys?: QueueKey | readonly QueueKey[];
  /** Ends the iteration normally, at once; what was buffered is released for others. */
  signal?: AbortSignal;
  /**
   * `on-next` (default): asking for the next message acks the one before.
   * `manual`: only `ack`, `nack` and `deadLetter` settle.
   */
  ack?: 'on-next' | 'manual';
  /** Most messages buffered, or handed out without a settlement having been called. Default 64. */
  prefetch?: number;
  /** Where a group starts that does not exist yet. Default `earliest`: with what is retained. */
  from?: 'earliest' | 'latest';
}

/**
 * The messages of one consumer. `for await` over it is a whole worker: each step acks the message before, so a
 * message is acked after it was processed. `break` and `throw` end the loop through `return()`, which never acks:
 * the message in hand is delivered again unless its `ack()` was called.
 */
export interface Subscription<P extends QueuePayload = QueuePayload> extends AsyncIterableIterator<QueueMessage<P>> {
  /**
   * Resolves once established at the broker: what is published from now on is seen. Keeps trying while the broker is
   * away; rejects on what waiting cannot cure. Never causes an unhandled rejection.
   */
  readonly ready: Promise<void>;
  /** Resolves the next message; `done` after abort or close; throws on fatal errors (credentials, topology). */
  next(): Promise<IteratorResult<QueueMessage<P>, undefined>>;
  /**
   * Changes how many messages may be buffered or handed out, for a consumer that has to read past messages which cannot
   * be handled yet. Messages that are out already stay out. Absent: `prefetch` of `consume` is final.
   */
  setPrefetch?(prefetch: number): void;
  /** Ends the iteration without acking; releases what was buffered. */
  return(): Promise<IteratorResult<QueueMessage<P>, undefined>>;
  /**
   * Stops the intake and releases what was only buffered. What was handed out stays owned and can be settled until it
   * is, or until the drain time is over. Idempotent. `drainTimeoutMs`: milliseconds, default 10000.
   */
  close(options?: { drainTimeoutMs?: number }): Promise<void>;
}
