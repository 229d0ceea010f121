import {
  type ConsumerGroup,
  onTermination,
  type QueueMessage,
  type Subscription,
  type Worker,
  type WorkerHealth,
} from '@slack-mcp/core';
import type { PausableConsumer } from '@slack-mcp/core/ops';
import { type Announcements, createAnnouncements } from './announce.ts';
import { checkOptions } from './check-options.ts';
import { compose } from './compose.ts';
import { type DeliverOptions, deliver } from './deliver.ts';
import { HandlerInterruptedError } from './interruption.ts';
import { Lanes } from './lanes.ts';
import { type ConsumerOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import type { Outcome } from './retry-policy.ts';
import { Router } from './router.ts';

/** Default drain time in milliseconds. */
const DRAIN_MS = 10_000;

const NO_GROUP =
  'it misses events that are published while it is not running, and discards events that it cannot handle';

/**
 * Delivers Slack's events from a queue to their handlers. A message is acknowledged after its handlers finish,
 * delivered again when one of them fails, and parked in the group's dead letters when retries do not help.
 */
export class Consumer extends Router implements Worker, PausableConsumer, AsyncDisposable {
  /** Resolves when closed; rejects when the backend failed with an error that a retry cannot fix. */
  readonly closed: Promise<void>;
  readonly #options: ResolvedOptions;
  readonly #delivery: DeliverOptions;
  readonly #announcements: Announcements;
  readonly #lanes: Lanes;
  #prefetch: number;
  readonly #inFlight = new Set<AbortController>();
  readonly #settling = new Set<Promise<void>>();
  readonly #end = Promise.withResolvers<void>();
  #handled = 0;
  /** Number of handlers that were interrupted at the end of the drain time. */
  #interrupted = 0;
  /** Number of messages that were returned before their handlers began. */
  #notStarted = 0;
  #subscription: Subscription | undefined;
  #intake: Promise<void> = Promise.resolve();
  #released: HandlerInterruptedError | undefined;
  #failure: { readonly error: unknown } | undefined;
  #starting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #pausing: Promise<void> | undefined;

  /** @throws ConfigurationError - an option is invalid; the message names it and gives an example */
  constructor(options: ConsumerOptions) {
    checkOptions(options);
    const resolved = resolveOptions(options);
    super(resolved.logger);
    this.#options = resolved;
    this.#announcements = createAnnouncements(resolved.backend);
    this.#delivery = {
      ...this.#options,
      ...this.#announcements,
      run: compose(this.#options.middleware, (context) => this.dispatch(context)),
    };
    const { concurrency, consume, readAhead } = this.#options;
    this.#prefetch = consume.prefetch;
    const share = readAhead === 0 ? undefined : Math.max(1, Math.floor(consume.prefetch / concurrency));
    this.#lanes = new Lanes(concurrency, share, () => this.#readPast());
    if (options.handlers) this.use(options.handlers);
    this.closed = this.#end.promise;
    // A rejection must not end the process of a caller that does not await it.
    this.closed.catch(() => {});
  }

  /**
   * Passes one message through the consumer's middleware, handlers and retry policy without a queue, for tests of
   * handlers.
   */
  static async deliver(
    consumer: Consumer,
    message: QueueMessage,
    overrides: Partial<DeliverOptions>,
  ): Promise<Outcome> {
    const options = { ...consumer.#delivery, ...overrides };
    const { outcome, settled } = await deliver(message, new AbortController(), options);
    await settled;
    return outcome;
  }

  /** The consumer's group. */
  get group(): ConsumerGroup {
    return this.#options.consume.group;
  }

  /** Whether the consumer is paused or is about to be. */
  get paused(): boolean {
    return this.#pausing !== undefined;
  }

  /**
   * Returns the consumer's state without asking the broker. The status is `degraded` while so many messages of one
   * channel wait that the consumer reads no messages of other channels; `detail.fullestLane` names that channel.
   */
  health(): WorkerHealth {
    const { size, running } = this.#lanes.load;
    const active = this.paused ? 'paused' : 'started';
    const state = this.#closing ? 'closing' : this.#starting ? active : 'not started';
    const fullest = this.#lanes.fullest;
    const lane = fullest && { fullestLane: fullest.lane, waitingInLane: fullest.waiting };
    const { readAhead, concurrency } = this.#options;
    const isHeldUp = readAhead > 0 && this.#lanes.overflow >= readAhead && running < concurrency;
    const status = state === 'not started' || this.#failure ? 'down' : isHeldUp || this.paused ? 'degraded' : 'up';
    return { status, detail: { state, running, waiting: size - running, ...lane } };
  }

  /**
   * Starts to receive messages. Resolves when the subscription is established: messages published from then on are
   * received. While the broker is unavailable, `start` keeps trying.
   *
   * @throws QueueError - an error that a retry cannot fix: wrong credentials, a name conflict, invalid keys
   */
  start(): Promise<void> {
    this.#starting ??= this.#closing
      ? Promise.reject(new Error('the consumer is closed: create a new one'))
      : this.#begin();
    return this.#starting;
  }

  /**
   * Stops receiving messages until {@link resume}. Messages that were received are handled within the drain time; after
   * that, they return to the queue. Other consumers of the group keep receiving messages. Resolves when no message is
   * in flight.
   */
  pause(): Promise<void> {
    if (this.#closing || !this.#starting) return Promise.resolve();
    this.#pausing ??= this.#stopReceiving(this.#options.drainTimeoutMs ?? DRAIN_MS);
    return this.#pausing;
  }

  /** Receives messages again after {@link pause}. */
  async resume(): Promise<void> {
    await this.#pausing;
    if (this.#pausing === undefined || this.#closing) return;
    this.#pausing = undefined;
    this.#released = undefined;
    const { backend, consume, logger } = this.#options;
    this.#prefetch = consume.prefetch;
    this.#subscription = backend.consume(consume);
    this.#intake = this.#take(this.#subscription);
    logger.info({ group: consume.group }, 'consumer_resumed');
  }

  /**
   * Stops the intake, finishes messages in flight within the drain time and returns the other messages to the queue
   * without counting a failure. The backend stays open. Idempotent, never rejects. The drain time is `drainTimeoutMs`
   * in milliseconds, limited by the consumer's option `drainTimeoutMs`. Without `drainTimeoutMs`, the drain time is the
   * value of the consumer's option, or 10000.
   */
  close(options: { drainTimeoutMs?: number } = {}): Promise<void> {
    const { drainTimeoutMs: own } = this.#options;
    const given = options.drainTimeoutMs ?? own ?? DRAIN_MS;
    this.#closing ??= this.#drain(Math.min(given, own ?? given));
    return this.#closing;
  }

  /**
   * Starts the consumer, and resolves when it is closed. SIGTERM and SIGINT close the consumer; a second signal ends
   * the process at once.
   *
   * @throws QueueError - an error that a retry cannot fix; let the process fail, so that a supervisor restarts it
   */
  async run(): Promise<void> {
    const { logger } = this.#options;
    const release = onTermination((why) => {
      logger.info(why, 'consumer_stopping');
      void this.close();
    });
    try {
      await this.start();
      await this.closed;
    } finally {
      release();
      await this.close();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #begin(): Promise<void> {
    const { backend, consume, logger } = this.#options;
    if (consume.group === undefined) logger.warn({ reason: NO_GROUP }, 'consumer_without_group');
    const subscription = backend.consume(consume);
    this.#subscription = subscription;
    this.#intake = this.#take(subscription);
    try {
      await Promise.race([subscription.ready, this.#intake]);
    } catch (error) {
      this.#failure ??= { error };
      void this.close();
    }
    if (this.#failure) throw this.#failure.error;
    if (this.#closing) return;
    this.#announcements.changed(this, 'started');
    logger.info({ backend: backend.name, group: consume.group }, 'consumer_ready');
  }

  async #take(subscription: Subscription): Promise<void> {
    const { consume, logger } = this.#options;
    // A backend that cannot read past unsettled messages must not be waited for beyond that.
    const bound = subscription.setPrefetch === undefined ? 0 : this.#options.readAhead;
    const readAhead = bound === 0 ? Number.POSITIVE_INFINITY : bound;
    try {
      for await (const message of subscription) {
        const { key, orderingKey } = message.metadata;
        this.#lanes.add(orderingKey === undefined ? undefined : `${key} ${orderingKey}`, () => this.#deliver(message));
        await this.#lanes.until(({ counted, overflow }) => counted < consume.prefetch && overflow < readAhead);
      }
    } catch (error) {
      this.#failure = { error };
      logger.error({ err: error }, 'consumer_failed');
    }
    if (this.#pausing === undefined || this.#failure) void this.close();
  }

  /**
   * Raises the prefetch by the number of messages that wait only for their own lane, so that other lanes receive
   * messages.
   */
  #readPast(): void {
    const prefetch = this.#options.consume.prefetch + Math.min(this.#lanes.overflow, this.#options.readAhead);
    if (prefetch === this.#prefetch) return;
    this.#prefetch = prefetch;
    this.#subscription?.setPrefetch?.(prefetch);
  }

  /** Ends the subscription, and waits until no message is in flight. */
  async #stopReceiving(drainTimeoutMs: number): Promise<void> {
    const { consume, logger } = this.#options;
    // At the same moment, the subscription returns the messages that are still being handled.
    const timer = setTimeout(() => this.#release(drainTimeoutMs), drainTimeoutMs);
    if (drainTimeoutMs === 0) this.#release(0);
    try {
      await this.#subscription?.close({ drainTimeoutMs });
    } catch (err) {
      logger.warn({ err }, 'consumer_close_failed');
    }
    await this.#intake;
    await this.#lanes.until(({ size }) => size === 0);
    await Promise.all(this.#settling);
    clearTimeout(timer);
    if (!this.#closing) logger.info({ group: consume.group }, 'consumer_paused');
  }

  async #drain(drainTimeoutMs: number): Promise<void> {
    const { logger } = this.#options;
    const handled = this.#handled;
    await this.#stopReceiving(drainTimeoutMs);
    this.#announcements.changed(this, 'closed');
    const counts = { handled: this.#handled - handled, interrupted: this.#interrupted, notStarted: this.#notStarted };
    if (counts.interrupted + counts.notStarted > 0) {
      logger.warn({ ...counts, drainTimeoutMs: Math.round(drainTimeoutMs) }, 'consumer_gave_back');
    }
    logger.info({ group: this.#options.consume.group, ...counts, handled: this.#handled }, 'consumer_closed');
    if (this.#failure) this.#end.reject(this.#failure.error);
    else this.#end.resolve();
  }

  async #deliver(message: QueueMessage): Promise<void> {
    if (this.#released) {
      // The subscription returns it, because its handling never began.
      this.#notStarted += 1;
      return;
    }
    const interruption = new AbortController();
    this.#inFlight.add(interruption);
    // The next message does not wait for the broker to confirm this one.
    const { settled } = await deliver(message, interruption, this.#delivery);
    this.#inFlight.delete(interruption);
    if (interruption.signal.aborted && interruption.signal.reason === this.#released) this.#interrupted += 1;
    else this.#handled += 1;
    this.#settling.add(settled);
    void settled.then(() => this.#settling.delete(settled));
  }

  #release(drainTimeoutMs: number): void {
    this.#released = new HandlerInterruptedError(
      'DRAIN_TIMEOUT',
      `not handled within the drain time of ${Math.round(drainTimeoutMs)} ms`,
    );
    for (const interruption of this.#inFlight) interruption.abort(this.#released);
  }
}
