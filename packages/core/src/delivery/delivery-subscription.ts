import { QueueClosedError } from '../contract/errors.ts';
import { Credits } from './credits.ts';
import type { Delivery, DeliverySink, DeliverySource } from './delivery-source.ts';
import { assertDrainTimeout, DRAIN_TIMEOUT_MS, DrainDeadline } from './drain-deadline.ts';
import { HandOut, type Result } from './hand-out.ts';
import { Isolation, lossesOf } from './isolation.ts';
import type { ResolvedConsumeOptions } from './resolve-consume-options.ts';
import type { Settlement } from './settlement.ts';
import { Settlements } from './settlements.ts';
import type { BackendSubscription, ResolvedSettings } from './subscription-settings.ts';

const DONE: Result = { done: true, value: undefined };

/**
 * The state machine of a subscription. A delivery is buffered, in flight (the consumer has received it and called no
 * settlement), being settled, or gone. Each buffered delivery and each delivery in flight uses a prefetch slot. An
 * abort, `return()`, `close()` or a failure stops reading permanently. The source is then closed when no delivery is in
 * flight or being settled, or when the drain time is over.
 */
export class DeliverySubscription<D extends Delivery> implements BackendSubscription {
  readonly ready: Promise<void>;
  readonly #source: DeliverySource<D>;
  readonly #options: ResolvedConsumeOptions;
  readonly #settings: ResolvedSettings;
  readonly #established = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #intake = new AbortController();
  readonly #isolation: Isolation;
  readonly #handOut: HandOut<D>;
  readonly #settlements: Settlements<D>;
  readonly #deadline = new DrainDeadline(
    () => this.#abandon(false),
    () => void this.#leave(),
  );
  /** Minimum number of free slots for a read while messages are buffered. */
  readonly #worthReading: number;
  #prefetch: number;
  /** Number of slots that readers have reserved. */
  #reserved = 0;
  #slot: PromiseWithResolvers<void> | undefined;
  #failure: { readonly error: Error } | undefined;
  #opened = false;
  #stopped = false;
  #shut = false;

  constructor(source: DeliverySource<D>, options: ResolvedConsumeOptions, settings: ResolvedSettings) {
    const { logger, ackBatch, timeoutMs, maxDeliveries, isolationMs, onClosed } = settings;
    this.#source = source;
    this.#options = options;
    this.#prefetch = options.prefetch;
    this.#settings = settings;
    this.ready = this.#established.promise;
    this.ready.catch(() => {});
    void this.#closed.promise.then(onClosed);
    this.#worthReading = Math.ceil(options.prefetch / 2);
    // With a larger batch, a broker that limits unacknowledged messages would wait for the delay each time.
    const maxCount = Math.min(ackBatch.maxCount ?? 100, this.#worthReading);
    this.#settlements = new Settlements(
      source,
      { ...settings, ackBatch: { ...ackBatch, maxCount } },
      { onSettled: () => this.#advance(), onFatal: (error) => this.#fail(error) },
    );
    this.#isolation = new Isolation(maxDeliveries, isolationMs, () => this.#handOut.serve());
    this.#handOut = new HandOut(source, this.#isolation, logger, {
      owner: {
        timeoutMs,
        ack: (settlement) => this.#settle(settlement, () => this.#settlements.ack(settlement)),
        hurry: () => this.#settlements.hurry(),
        nack: (settlement, delayMs) => this.#settle(settlement, () => this.#settlements.nack(settlement, delayMs)),
        deadLetter: (settlement, reason) =>
          this.#settle(settlement, () => this.#settlements.deadLetter(settlement, reason)),
      },
      isStopped: () => this.#stopped,
      conclude: () => this.#conclude(),
      giveBack: (delivery) => this.#release([delivery], false),
      settling: () => {
        this.#settlements.flush();
        return this.#settlements.size;
      },
      onChange: () => this.#advance(),
    });
  }

  get unsettled(): number {
    return this.#settlements.unsettled;
  }

  /** Opens the source. */
  start(): void {
    const { signal } = this.#options;
    if (signal?.aborted) {
      this.#stop();
      return;
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#opened = true;
    void this.#open();
  }

  next(): Promise<Result> {
    if (this.#options.ack === 'on-next') for (const settlement of this.#handOut.settlements) settlement.ackSilently();
    return this.#handOut.take();
  }

  async return(): Promise<Result> {
    this.#stop();
    this.#abandon(true);
    await this.#closed.promise;
    return DONE;
  }

  async close({ drainTimeoutMs = DRAIN_TIMEOUT_MS }: { drainTimeoutMs?: number } = {}): Promise<void> {
    assertDrainTimeout(drainTimeoutMs);
    this.#stop(drainTimeoutMs);
    await this.#closed.promise;
  }

  setPrefetch(prefetch: number): void {
    this.#prefetch = prefetch;
    if (this.#stopped) return;
    this.#source.setPrefetch?.(prefetch);
    this.#advance();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  get #free(): number {
    if (this.#stopped || this.#settlements.size >= this.#settings.maxSettling) return 0;
    const taken = this.#handOut.buffered + this.#handOut.inFlight + this.#reserved;
    return Math.max(0, this.#prefetch - taken);
  }

  /**
   * Whether enough slots are free for another read. If a reader requested each slot as soon as it became free, it would
   * send one request per message.
   */
  get #isHungry(): boolean {
    const free = this.#free;
    return free > 0 && (free >= this.#worthReading || this.#handOut.buffered === 0);
  }

  async #open(): Promise<void> {
    try {
      await this.#source.open(this.#sink, this.#intake.signal);
      this.#established.resolve();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  readonly #sink: DeliverySink<D> = {
    free: () => this.#free,
    slot: () => {
      if (this.#stopped || this.#isHungry) return Promise.resolve();
      this.#slot ??= Promise.withResolvers();
      return this.#slot.promise;
    },
    credits: () =>
      new Credits({
        take: (most) => {
          const count = Math.min(most, this.#free);
          this.#reserved += count;
          return count;
        },
        giveBack: (count) => {
          this.#reserved -= count;
          this.#advance();
        },
        deliver: (delivery, credited) => {
          if (credited) this.#reserved -= 1;
          this.#deliver(delivery);
        },
      }),
    deliver: (delivery) => this.#deliver(delivery),
    revoke: (delivery) => {
      if (this.#handOut.revoke(delivery) || this.#settlements.revoke(delivery)) this.#advance();
    },
    recall: (delivery) => {
      const isRecalled = this.#handOut.recall(delivery);
      if (isRecalled) this.#advance();
      return isRecalled;
    },
    fail: (error) => this.#fail(error),
  };

  #deliver(delivery: D): void {
    if (this.#stopped) this.#release([delivery], false);
    else if (delivery.metadata.group !== undefined && this.#isolation.condemns(delivery.metadata)) this.#park(delivery);
    else this.#handOut.push(delivery);
  }

  #park(delivery: D): void {
    const { key, group, messageId, deliveryCount } = delivery.metadata;
    this.#settings.logger.error({ key, group, messageId, deliveryCount }, 'queue_max_deliveries');
    const message = `delivered ${lossesOf(delivery.metadata)} times without an outcome: its consumers died or lost it`;
    this.#settlements.park(delivery, { code: 'MAX_DELIVERIES', message });
  }

  #settle(settlement: Settlement<D>, begin: () => void): void {
    this.#handOut.settle(settlement);
    begin();
    this.#advance();
  }

  #release(deliveries: readonly D[], begun: boolean): void {
    if (!this.#shut && deliveries.length > 0) this.#settlements.release(deliveries, begun);
  }

  #fail(error: Error): void {
    if (this.#stopped) return;
    this.#failure = { error };
    this.#established.reject(error);
    this.#stop();
  }

  readonly #onAbort = (): void => this.#stop();

  /** Stops reading and waits up to `drainTimeoutMs` for messages in flight. Each call sets a new deadline. */
  #stop(drainTimeoutMs = DRAIN_TIMEOUT_MS): void {
    if (!this.#stopped) this.#stopIntake();
    if (!this.#shut) this.#deadline.set(drainTimeoutMs);
  }

  #stopIntake(): void {
    this.#stopped = true;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#established.reject(new QueueClosedError('the subscription ended before it was ready'));
    this.#intake.abort();
    this.#slot?.resolve();
    this.#release(this.#handOut.drain(), false);
    this.#advance();
    this.#handOut.end();
  }

  /** Returns the messages in flight to the broker. @param begun - whether the deliveries count */
  #abandon(begun: boolean): void {
    this.#release(this.#handOut.abandon(), begun);
    this.#settlements.repeatNow();
    this.#advance();
  }

  /**
   * Called after each change: delivers and reads more messages, or leaves the broker once nothing is left to settle.
   */
  #advance(): void {
    if (!this.#stopped) {
      this.#handOut.serve();
      if (!this.#isHungry) return;
      this.#source.pull?.();
      this.#slot?.resolve();
      this.#slot = undefined;
      return;
    }
    this.#settlements.flush();
    if (this.#handOut.inFlight + this.#settlements.size === 0) void this.#leave();
  }

  async #leave(): Promise<void> {
    if (this.#shut) return;
    this.#shut = true;
    this.#deadline.clear();
    this.#handOut.abandon();
    this.#settlements.stop();
    try {
      if (this.#opened) await this.#source.close();
    } catch (err) {
      this.#settings.logger.warn({ err }, 'queue_subscription_close_failed');
    }
    this.#settlements.end();
    this.#closed.resolve();
  }

  async #conclude(): Promise<Result> {
    this.#advance();
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
    // A loop with nothing in flight ends once the broker has its acks.
    if (this.#handOut.inFlight === 0) await this.#closed.promise;
    return DONE;
  }
}
