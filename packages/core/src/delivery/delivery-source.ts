import type { DeadLetter } from '../contract/dead-letters.ts';
import type { Credits } from './credits.ts';
import type { Delivery } from './delivery.ts';

export type { Delivery } from './delivery.ts';

/** Information about an attempt to settle a delivery. */
export interface SettleAttempt {
  /** Whether an earlier attempt was refused or not answered. The broker may have executed the earlier attempt. */
  readonly repeated: boolean;
}

/**
 * The interface between one subscription and the broker. To consume messages, a backend implements only this interface;
 * {@link createSubscription} implements the rest of the contract for all backends.
 *
 * `ack`, `nack`, `deadLetter` and `release` make one attempt each and must settle within a time limit that the source
 * chooses. If an attempt rejects with a retryable error, or with an error that is not a `QueueError`, the subscription
 * tries again until the broker confirms the settlement or the lease is lost. The subscription never makes two attempts
 * for one delivery at the same time.
 */
export interface DeliverySource<D extends Delivery = Delivery> {
  /**
   * Starts passing deliveries to `sink`. Resolves once the subscription exists at the broker and receives every message
   * published from then on. Retries while the broker is unavailable; rejects on errors that a retry cannot fix. Parks
   * messages that it cannot decode.
   *
   * @param signal - aborts when reading must stop, even while `open` is pending
   */
  open(sink: DeliverySink<D>, signal: AbortSignal): Promise<void>;
  /**
   * Called when the subscription has free slots again, see {@link DeliverySink.free}. Implement this method in sources
   * whose broker pushes messages; sources that read messages wait for `sink.slot()` instead.
   */
  pull?(): void;
  /**
   * Called when the prefetch limit changes. Implement this method in sources whose broker limits the number of pushed
   * messages.
   */
  setPrefetch?(prefetch: number): void;
  /**
   * Records that deliveries have begun, so that they count even if the consumer dies. If a consumer is waiting and only
   * one message is buffered, the subscription calls `begin` before the consumer receives the message. Otherwise, it
   * calls `begin` within 10 milliseconds for the messages that are not settled by then. For an interrupted delivery,
   * the subscription waits for `begin` before the consumer receives the message. Omit this method if the broker counts
   * deliveries itself, or if no message survives the process.
   *
   * @throws LeaseLostError - another consumer owns the message
   */
  begin?(deliveries: readonly D[]): Promise<void>;
  /**
   * Returns the part of the broker that stores the delivery and can fail independently, for example a node or a
   * channel. Acks of different lanes never share a call.
   */
  laneOf?(delivery: D): unknown;
  /** Acks a batch in one round trip. Resolves with the deliveries whose lease was lost. */
  ack(deliveries: readonly D[], attempt: SettleAttempt): Promise<readonly D[]>;
  /**
   * Returns a delivery for redelivery after at least `delayMs` milliseconds and counts a failure.
   *
   * @throws LeaseLostError - another consumer owns the message
   */
  nack(delivery: D, options: { delayMs: number }, attempt: SettleAttempt): Promise<void>;
  /**
   * Parks a message as a dead letter of its group, then acks it. Never acks a message that it could not park.
   *
   * @throws LeaseLostError - another consumer owns the message
   */
  deadLetter(delivery: D, reason: DeadLetter['reason'], attempt: SettleAttempt): Promise<void>;
  /**
   * Returns deliveries of one lane to the broker, so that other consumers receive them immediately and in the same
   * order. Counts no failure. The deliveries count only if `begun` is true, which means that the consumer had received
   * the messages.
   */
  release(deliveries: readonly D[], options: { begun: boolean }, attempt: SettleAttempt): Promise<void>;
  /**
   * Leaves the broker and gives up all remaining leases. The subscription calls `close` once, as the last call. `close`
   * must end pending calls of `open` and of settlements. If messages arrive after `close`, the source itself must
   * return them to the broker.
   */
  close(): Promise<void>;
}

/** Receives the deliveries of a {@link DeliverySource}. */
export interface DeliverySink<D extends Delivery = Delivery> {
  /**
   * Returns the number of deliveries that the source may pass to `deliver` in this turn of the event loop. A source
   * that waits between `free` and `deliver` must use {@link credits} instead. The subscription also keeps additional
   * deliveries, although they exceed `prefetch`.
   */
  free(): number;
  /** Resolves once the source should read more messages, or once reading has stopped. */
  slot(): Promise<void>;
  /** Creates the credits of one reader. Each reader of a subscription needs its own credits. */
  credits(): Credits<D>;
  /**
   * Passes a delivery to the subscription. After reading has stopped, the subscription returns the delivery through
   * {@link DeliverySource.release}.
   */
  deliver(delivery: D): void;
  /**
   * Reports that the lease of a delivery is lost. The subscription drops the delivery if it is buffered, and abandons a
   * pending settlement. If the consumer has the message, the message's signal aborts and the consumer can no longer
   * settle the message.
   */
  revoke(delivery: D): void;
  /**
   * Takes a buffered delivery back, to give it to another consumer. Returns `false` if the consumer has already
   * received the message and still has to settle it.
   */
  recall(delivery: D): boolean;
  /** Ends the subscription with an error that a retry cannot fix. `next()` then rejects with the error. */
  fail(error: Error): void;
}
