import type { DeadLetter } from '../contract/dead-letters.ts';
import type { Credits } from './credits.ts';
import type { Delivery } from './delivery.ts';

export type { Delivery } from './delivery.ts';

/** Information about an attempt to settle. */
export interface SettleAttempt {
  /** Whether an earlier attempt was refused or not answered. The broker may have carried it out. */
  readonly repeated: boolean;
}

/**
 * The broker side of one subscription. This is all that a backend implements to consume messages; {@link
 * createSubscription} implements the rest of the contract for all backends.
 *
 * `ack`, `nack`, `deadLetter` and `release` make one attempt each and must settle within a time limit of the source. If
 * an attempt rejects with a retryable error, or with an error that is not a `QueueError`, the subscription tries again
 * until the broker confirms the settlement or the lease is lost. It never makes two attempts for one delivery at the
 * same time.
 */
export interface DeliverySource<D extends Delivery = Delivery> {
  /**
   * Starts handing deliveries to `sink`. Resolves once the subscription exists at the broker: it receives every message
   * published from then on. Keeps trying while the broker is unavailable; rejects on errors that a retry cannot fix.
   * Parks messages that it cannot decode.
   *
   * @param signal - aborts when reading must stop, also while this call is pending
   */
  open(sink: DeliverySink<D>, signal: AbortSignal): Promise<void>;
  /**
   * Called when there is room again, see {@link DeliverySink.free}. For sources that receive pushed messages; sources
   * that read await `sink.slot()`.
   */
  pull?(): void;
  /** Called when the prefetch limit changes. Implement it in sources whose broker limits the pushed messages. */
  setPrefetch?(prefetch: number): void;
  /**
   * Records that these deliveries have begun, so that they count if this consumer dies. Called before a waiting
   * consumer receives a single message. Otherwise, called within 10 milliseconds, for the messages that are not settled
   * by then. For an interrupted delivery, the call is awaited before the message is handed out. Omit it if the broker
   * counts deliveries itself, or if no message survives the process.
   *
   * @throws LeaseLostError - another consumer owns the message
   */
  begin?(deliveries: readonly D[]): Promise<void>;
  /**
   * The part of the broker that can fail independently, for example a node or a channel. Acks of different lanes never
   * share a call.
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
   * Returns deliveries to other consumers immediately, in order, without counting a failure. `begun`: the messages were
   * handed out and the deliveries count. Otherwise they do not count. Called with deliveries of one lane.
   */
  release(deliveries: readonly D[], options: { begun: boolean }, attempt: SettleAttempt): Promise<void>;
  /**
   * Leaves the broker and gives up all remaining leases. Called once, as the last call. It must end pending calls of
   * `open` and of settlements. Messages that arrive later must be returned by the source itself.
   */
  close(): Promise<void>;
}

/** Receives the deliveries of a {@link DeliverySource}. */
export interface DeliverySink<D extends Delivery = Delivery> {
  /**
   * The number of deliveries that may be handed over in this turn. A source that waits before it hands over deliveries
   * uses {@link credits} instead. Additional deliveries are kept, but exceed `prefetch`.
   */
  free(): number;
  /** Resolves once the source should read more, or reading has stopped. */
  slot(): Promise<void>;
  /** Creates the credits of one reader. Each reader of a subscription needs its own credits. */
  credits(): Credits<D>;
  /**
   * Hands over a delivery. After reading has stopped, the delivery is returned through {@link DeliverySource.release}.
   */
  deliver(delivery: D): void;
  /**
   * Reports that the lease is lost. A buffered delivery is dropped. If the message was handed out, its signal aborts
   * and it can no longer be settled. A pending settlement is abandoned.
   */
  revoke(delivery: D): void;
  /**
   * Takes back a delivery that was not handed out, to give it to another consumer. Returns `false` if it was handed
   * out: the consumer then still has to settle it.
   */
  recall(delivery: D): boolean;
  /** Ends the subscription with an error that a retry cannot fix. `next()` rejects with it. */
  fail(error: Error): void;
}
