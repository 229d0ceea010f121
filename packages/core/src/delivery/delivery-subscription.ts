import { setImmediate } from 'node:timers';
import { LeaseLostError, QueueClosedError } from '../contract/errors.ts';
import { type Logger, silentLogger } from '../contract/logger.ts';
import type { QueueMessage } from '../contract/message.ts';
import type { Subscription } from '../contract/subscription.ts';
import { AckBatcher, type AckBatchOptions } from './ack-batcher.ts';
import { DeliveredMessage, type MessageOwner } from './delivered-message.ts';
import type { Delivery, DeliverySink, DeliverySource } from './delivery-source.ts';
import { Deque } from './deque.ts';
import { assertDrainTimeout, DRAIN_TIMEOUT_MS, DrainDeadline } from './drain-deadline.ts';
import type { ResolvedConsumeOptions } from './resolve-consume-options.ts';

type Result = IteratorResult<QueueMessage, undefined>;

const DONE: Result = { done: true, value: undefined };
/** A loop over a source that never waits would keep timers and sockets from their turn. */
const MESSAGES_PER_TURN = 512;

/**
 * The state machine of a subscription. A delivery is buffered, in hand (handed out, open), being settled, or gone; the
 * first three take a slot of `prefetch`. Intake stops once, by abort, `return()`, `close()` or failure; the source is
 * closed when nothing is left in hand or being settled, or when the drain time is over.
 */
export class DeliverySubscription<D extends Delivery> implements Subscription {
  readonly ready: Promise<void>;
  readonly #source: DeliverySource<D>;
  readonly #options: ResolvedConsumeOptions;
  readonly #logger: Logger;
  readonly #established = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #intake = new AbortController();
  readonly #buffer = new Deque<D>();
  readonly #waiting = new Deque<PromiseWithResolvers<Result>>();
  readonly #inHand = new Map<D, DeliveredMessage<D>>();
  readonly #acks: AckBatcher<D>;
  readonly #deadline = new DrainDeadline(
    () => this.#abandon(),
    () => void this.#leave(),
  );
  /** Settlements other than acks that are under way. */
  #operations = 0;
  #handedOut = 0;
  #slot: PromiseWithResolvers<void> | undefined;
  #failure: { readonly error: Error } | undefined;
  #opened = false;
  #stopped = false;
  /** What is still in hand is no longer ours. */
  #abandoned = false;
  #shut = false;

  constructor(
    source: DeliverySource<D>,
    options: ResolvedConsumeOptions,
    logger: Logger,
    ackBatch: AckBatchOptions,
    onClosed: (() => void) | undefined,
  ) {
    this.#source = source;
    this.#options = options;
    this.#logger = logger;
    this.ready = this.#established.promise;
    this.ready.catch(() => {});
    void this.#closed.promise.then(onClosed);
    // Waiting acks hold slots: half of them at most, else a small prefetch would wait for the delay each time.
    const maxCount = Math.min(ackBatch.maxCount ?? 100, Math.ceil(options.prefetch / 2));
    this.#acks = new AckBatcher(
      (deliveries) => source.ack(deliveries),
      () => this.#advance(),
      logger,
      { ...ackBatch, maxCount },
    );
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
    if (this.#options.ack === 'on-next') for (const message of this.#inHand.values()) message.ackSilently();
    const delivery = this.#buffer.shift();
    if (delivery !== undefined) {
      const result = this.#handOut(delivery);
      if (this.#handedOut % MESSAGES_PER_TURN !== 0) return Promise.resolve(result);
      return new Promise((resolve) => setImmediate(resolve, result));
    }
    if (this.#stopped) {
      this.#advance();
      return this.#conclude();
    }
    const waiter = Promise.withResolvers<Result>();
    this.#waiting.push(waiter);
    return waiter.promise;
  }

  async return(): Promise<Result> {
    this.#stop();
    this.#abandon();
    await this.#closed.promise;
    return DONE;
  }

  async close({ drainTimeoutMs = DRAIN_TIMEOUT_MS }: { drainTimeoutMs?: number } = {}): Promise<void> {
    assertDrainTimeout(drainTimeoutMs);
    this.#stop(drainTimeoutMs);
    await this.#closed.promise;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  get #free(): number {
    const taken = this.#buffer.length + this.#inHand.size + this.#acks.size + this.#operations;
    return this.#stopped ? 0 : Math.max(0, this.#options.prefetch - taken);
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
      if (this.#stopped || this.#free > 0) return Promise.resolve();
      this.#slot ??= Promise.withResolvers();
      return this.#slot.promise;
    },
    deliver: (delivery) => this.#deliver(delivery),
    revoke: (delivery) => this.#revoke(delivery),
    fail: (error) => this.#fail(error),
  };

  #deliver(delivery: D): void {
    if (this.#stopped) {
      this.#release([delivery]);
      return;
    }
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#buffer.push(delivery);
    else waiter.resolve(this.#handOut(delivery));
  }

  #handOut(delivery: D): Result {
    const message = new DeliveredMessage(delivery, this.#owner);
    this.#inHand.set(delivery, message);
    this.#handedOut += 1;
    if (this.#logger !== silentLogger) {
      const { key, group, messageId, retryCount } = message.metadata;
      this.#logger.debug({ key, group, messageId, retryCount }, 'queue_message_delivered');
    }
    return { done: false, value: message };
  }

  readonly #owner: MessageOwner<D> = {
    ack: ({ delivery }) => {
      this.#inHand.delete(delivery);
      return this.#acks.add(delivery);
    },
    hurry: () => this.#acks.hurry(),
    nack: (message, delayMs) => this.#operate(message, () => this.#source.nack(message.delivery, { delayMs })),
    deadLetter: (message, reason) => this.#operate(message, () => this.#source.deadLetter(message.delivery, reason)),
    reopen: (message) => this.#reopen(message),
  };

  async #operate(message: DeliveredMessage<D>, operation: () => Promise<void>): Promise<void> {
    this.#inHand.delete(message.delivery);
    this.#operations += 1;
    try {
      await operation();
    } catch (error) {
      if (!(error instanceof LeaseLostError)) this.#reopen(message);
      throw error;
    } finally {
      this.#operations -= 1;
      this.#advance();
    }
  }

  #reopen(message: DeliveredMessage<D>): void {
    message.reopen();
    if (this.#abandoned) this.#giveBack(message);
    else this.#inHand.set(message.delivery, message);
  }

  #giveBack(message: DeliveredMessage<D>): void {
    message.lose();
    this.#inHand.delete(message.delivery);
    if (this.#shut) return;
    this.#background('queue_give_back_failed', () => this.#source.nack(message.delivery, { delayMs: 0 }));
  }

  #release(deliveries: readonly D[]): void {
    if (this.#shut) return;
    this.#background('queue_release_failed', () => this.#source.release(deliveries));
  }

  // What fails here the broker delivers again by itself.
  async #background(event: string, operation: () => Promise<void>): Promise<void> {
    this.#operations += 1;
    try {
      await operation();
    } catch (err) {
      this.#logger.warn({ err }, event);
    }
    this.#operations -= 1;
    this.#advance();
  }

  #revoke(delivery: D): void {
    this.#inHand.get(delivery)?.lose();
    if (this.#inHand.delete(delivery) || this.#buffer.remove(delivery)) this.#advance();
  }

  #fail(error: Error): void {
    if (this.#stopped) return;
    this.#failure = { error };
    this.#established.reject(error);
    this.#stop();
  }

  readonly #onAbort = (): void => this.#stop();

  /** Stops the intake and waits so long for what is in hand. Each call sets the deadline anew. */
  #stop(drainTimeoutMs = DRAIN_TIMEOUT_MS): void {
    if (!this.#stopped) this.#stopIntake();
    if (!this.#shut) this.#deadline.set(drainTimeoutMs);
  }

  #stopIntake(): void {
    this.#stopped = true;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#established.reject(new QueueClosedError('the subscription ended before it was established'));
    this.#intake.abort();
    this.#slot?.resolve();
    if (this.#buffer.length > 0) this.#release(this.#buffer.drain());
    this.#advance();
    for (const waiter of this.#waiting.drain()) waiter.resolve(this.#conclude());
  }

  #abandon(): void {
    this.#abandoned = true;
    for (const message of this.#inHand.values()) this.#giveBack(message);
    this.#advance();
  }

  /** Goes on after something was settled: fetches more, or leaves when nothing is left to settle. */
  #advance(): void {
    if (!this.#stopped) {
      if (this.#free === 0) return;
      this.#source.pull?.();
      this.#slot?.resolve();
      this.#slot = undefined;
      return;
    }
    this.#acks.flush();
    if (this.#inHand.size + this.#acks.size + this.#operations === 0) void this.#leave();
  }

  async #leave(): Promise<void> {
    if (this.#shut) return;
    this.#shut = true;
    this.#deadline.clear();
    this.#acks.stop();
    try {
      if (this.#opened) await this.#source.close();
    } catch (err) {
      this.#logger.warn({ err }, 'queue_subscription_close_failed');
    }
    this.#closed.resolve();
  }

  async #conclude(): Promise<Result> {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
    // A loop that has nothing in hand ends when its acks are at the broker.
    if (this.#inHand.size === 0) await this.#closed.promise;
    return DONE;
  }
}
