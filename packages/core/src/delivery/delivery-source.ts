import type { DeadLetter } from '../contract/dead-letters.ts';
import type { Credits } from './credits.ts';
import type { Delivery } from './delivery.ts';

export type { Delivery } from './delivery.ts';

/** What a source may need to know about the attempt to settle. */
export interface SettleAttempt {
  /** An earlier attempt was refused or not answered. The broker may have carried it out. */
  readonly repeated: boolean;
}

/**
 * The broker's side of one subscription: all that a backend has to write for consuming. Everything else that the
 * contract says about subscriptions is done by {@link createSubscription}, once for all backends.
 *
 * `ack`, `nack`, `deadLetter` and `release` are one attempt each and must end within a bound of the source's own. The
 * subscription repeats an attempt that rejects with a retryable error, or with one that is not a `QueueError`, until the
 * broker takes it or the lease is lost. It never has two attempts for one delivery under way at the same time.
 */
export interface DeliverySource<D extends Delivery = Delivery> {
  /**
   * Begins to hand deliveries to `sink`. Resolves once established: what is published from now on is seen. Keeps
   * trying while the broker is away; rejects on what waiting cannot cure. Parks what it cannot decode.
   *
   * @param signal - aborted when the intake must stop, also while this is pending
   */
  open(sink: DeliverySink<D>, signal: AbortSignal): Promise<void>;
  /** There is room again, see {@link DeliverySink.free}. For sources that push; those that read await `sink.slot()`. */
  pull?(): void;
  /**
   * Records that these deliveries have begun, so that they count if this consumer dies. Called before a consumer that
   * waits gets a single message, else within 10 milliseconds with those that are not settled by then; for an interrupted
   * one, and awaited, before it is handed out. Leave it out where the broker counts deliveries itself, or none survives the
   * process.
   *
   * @throws LeaseLostError - another consumer owns it
   */
  begin?(deliveries: readonly D[]): Promise<void>;
  /** What can fail apart from others, such as a node or a channel: acks with different lanes never share a call. */
  laneOf?(delivery: D): unknown;
  /** Acks a batch in one round trip. Resolves with those whose lease was lost. */
  ack(deliveries: readonly D[], attempt: SettleAttempt): Promise<readonly D[]>;
  /**
   * Gives one back for redelivery, not before `delayMs` milliseconds, and counts a failure.
   *
   * @throws LeaseLostError - another consumer owns it
   */
  nack(delivery: D, options: { delayMs: number }, attempt: SettleAttempt): Promise<void>;
  /**
   * Parks one for its group, then acks it. A source never acks what it could not park.
   *
   * @throws LeaseLostError - another consumer owns it
   */
  deadLetter(delivery: D, reason: DeadLetter['reason'], attempt: SettleAttempt): Promise<void>;
  /**
   * Gives back at once for others, in order, without counting a failure. `begun`: they were handed out and the delivery
   * counts; else it is as if they had never left the broker. Called with deliveries of one lane.
   */
  release(deliveries: readonly D[], options: { begun: boolean }, attempt: SettleAttempt): Promise<void>;
  /**
   * Leaves the broker, and with it every lease that is left. Called once, last, possibly while `open` or a settlement is
   * pending: it ends them. The source itself gives back what arrives later.
   */
  close(): Promise<void>;
}

/** Where a {@link DeliverySource} puts what it received. */
export interface DeliverySink<D extends Delivery = Delivery> {
  /**
   * How many deliveries may be handed over now, in this turn. A source that waits between asking and handing over takes
   * {@link credits} instead. More are kept, but break the promise of `prefetch`.
   */
  free(): number;
  /** Resolves once it is worth reading more, or the intake has stopped. */
  slot(): Promise<void>;
  /** The account of one reader. Several readers of one subscription have one each. */
  credits(): Credits<D>;
  /** Hands over. After the intake has stopped, the delivery comes back through {@link DeliverySource.release}. */
  deliver(delivery: D): void;
  /**
   * The lease is lost. A buffered delivery is forgotten; for one that was handed out the signal is aborted and nothing
   * can be settled any more; a settlement under way is given up.
   */
  revoke(delivery: D): void;
  /** Ends the subscription with what waiting cannot cure: `next()` throws it. */
  fail(error: Error): void;
}
