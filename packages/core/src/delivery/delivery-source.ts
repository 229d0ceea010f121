import type { QueuePayload } from '../contract/backend.ts';
import type { DeadLetter } from '../contract/dead-letters.ts';
import type { MessageMetadata } from '../contract/message.ts';

/**
 * One delivery of a message. A backend adds what it needs to settle it, such as a delivery tag. A redelivery is another
 * object, with a payload of its own: what one consumer does to it, no other sees.
 */
export interface Delivery {
  readonly payload: QueuePayload;
  readonly metadata: MessageMetadata;
}

/**
 * The broker's side of one subscription: all that a backend has to write. Everything else that the contract says of
 * subscriptions is done by {@link createSubscription}, once for all backends.
 *
 * Each delivery is settled at most once at a time, by one of `ack`, `nack`, `deadLetter` and `release`; again only
 * after a rejection. All of them settle within the backend's own time limits: none may hang.
 */
export interface DeliverySource<D extends Delivery = Delivery> {
  /**
   * Begins to hand deliveries to `sink`. Resolves once established: what is published from now on is seen. Keeps
   * trying while the broker is away; rejects on what waiting cannot cure. What it cannot decode it parks by itself.
   *
   * @param signal - aborted when the intake must stop, also while this is pending
   */
  open(sink: DeliverySink<D>, signal: AbortSignal): Promise<void>;
  /** Slots became free: see {@link DeliverySink.free}. For sources that push; those that read await `sink.slot()`. */
  pull?(): void;
  /**
   * Acks a batch in one round trip. Resolves those whose lease was lost; rejects when the outcome is unknown.
   */
  ack(deliveries: readonly D[]): Promise<readonly D[]>;
  /**
   * Gives one back for redelivery, counted as an attempt, not before `delayMs` milliseconds.
   *
   * @throws LeaseLostError - it belongs to another consumer now
   */
  nack(delivery: D, options: { delayMs: number }): Promise<void>;
  /**
   * Parks one for its group, then acks it: never acked when parking failed.
   *
   * @throws LeaseLostError - it belongs to another consumer now
   */
  deadLetter(delivery: D, reason: DeadLetter['reason']): Promise<void>;
  /** Gives back what was never handed out: at once for others, in order, not counted as an attempt where possible. */
  release(deliveries: readonly D[]): Promise<void>;
  /**
   * Leaves the broker. Called once, last, possibly while `open` or a settlement is pending: it ends them. What arrives
   * later the source gives back by itself.
   */
  close(): Promise<void>;
}

/** Where a {@link DeliverySource} puts what it received. */
export interface DeliverySink<D extends Delivery = Delivery> {
  /** How many more deliveries may be handed over now. More are kept, but break the promise of `prefetch`. */
  free(): number;
  /** Resolves once {@link free} gives more than 0, or the intake has stopped. */
  slot(): Promise<void>;
  /** Hands over. After the intake has stopped, the delivery comes back through {@link DeliverySource.release}. */
  deliver(delivery: D): void;
  /** The lease is lost: a buffered delivery is forgotten; one in hand has its signal aborted and cannot be settled. */
  revoke(delivery: D): void;
  /** Ends the subscription with what waiting cannot cure: `next()` throws it. */
  fail(error: Error): void;
}
