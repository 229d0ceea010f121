import { MAX_TIMER_MS } from '../config/resolve-integers.ts';
import type { QueuePayload } from '../contract/backend.ts';
import { QueueClosedError } from '../contract/errors.ts';
import { createSubscription } from '../delivery/create-subscription.ts';
import type { Delivery, DeliverySource } from '../delivery/delivery-source.ts';
import type { ResolvedConsumeOptions } from '../delivery/resolve-consume-options.ts';
import type { BackendSubscription, SubscriptionSettings } from '../delivery/subscription-settings.ts';
import type { Publisher } from '../publishing/publisher.ts';

/** Defines how a backend connects and disconnects. */
export interface BackendLifecycleOptions<C> {
  /** The name of the broker in errors, for example `Redis`. */
  readonly broker: string;
  /** Creates the connection to the broker. Called on first use. */
  connect(): C;
  /** Ends the connection and rejects pending requests. Called once. */
  disconnect(connection: C): void | Promise<void>;
}

/** Minimum time in milliseconds that pending publishes have to finish when the backend is closed. */
const MIN_FLUSH_MS = 2_000;
/** Default drain time of subscriptions in milliseconds. */
const DRAIN_TIMEOUT_MS = 10_000;
/** Additional milliseconds after the drain time for the broker to take back unsettled messages. */
const GIVE_BACK_MS = 1_000;

/** Manages the lifecycle of a backend: connects on first use, and flushes, drains and disconnects on `close()`. */
export class BackendLifecycle<C> {
  readonly #options: BackendLifecycleOptions<C>;
  readonly #subscriptions = new Set<BackendSubscription>();
  #connection: C | undefined;
  #closing: Promise<void> | undefined;
  #isDisconnected = false;

  constructor(options: BackendLifecycleOptions<C>) {
    this.#options = options;
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** Number of settlements that all subscriptions are retrying. For `health()`. */
  get unsettled(): number {
    return [...this.#subscriptions].reduce((total, subscription) => total + subscription.unsettled, 0);
  }

  /**
   * Returns the connection for a new call to the backend.
   *
   * @throws QueueClosedError - `close` was called
   */
  use(): C {
    if (this.isClosed) throw this.#closed();
    return this.connection();
  }

  /**
   * Returns the connection for work that began earlier and is flushed or drained while the backend closes.
   *
   * @throws QueueClosedError - the backend is disconnected
   */
  connection(): C {
    if (this.#isDisconnected) throw this.#closed();
    this.#connection ??= this.#options.connect();
    return this.#connection;
  }

  /** Creates a subscription that `close` drains. */
  subscribe<D extends Delivery, P extends QueuePayload = QueuePayload>(
    source: DeliverySource<D>,
    options: ResolvedConsumeOptions,
    settings: Omit<SubscriptionSettings, 'onClosed'>,
  ): BackendSubscription<P> {
    const subscription: BackendSubscription = createSubscription(source, options, {
      ...settings,
      onClosed: () => this.#subscriptions.delete(subscription),
    });
    this.#subscriptions.add(subscription);
    return subscription as BackendSubscription as BackendSubscription<P>;
  }

  /**
   * Flushes `publisher`, drains the subscriptions, and disconnects. A second call of `close` waits for the first call.
   */
  close(publisher: Publisher, options: { drainTimeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(publisher, options);
    return this.#closing;
  }

  async #close(publisher: Publisher, options: { drainTimeoutMs?: number }): Promise<void> {
    const flushMs = Math.max(MIN_FLUSH_MS, options.drainTimeoutMs ?? 0);
    const patienceMs = Math.max(flushMs, (options.drainTimeoutMs ?? DRAIN_TIMEOUT_MS) + GIVE_BACK_MS);
    // If the broker does not answer, disconnecting rejects the pending requests.
    const forced = setTimeout(() => void this.#disconnect(), Math.min(patienceMs, MAX_TIMER_MS));
    await Promise.all([
      publisher.close(Math.min(flushMs, MAX_TIMER_MS)),
      ...[...this.#subscriptions].map((subscription) => subscription.close(options)),
    ]);
    clearTimeout(forced);
    await this.#disconnect();
  }

  async #disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#isDisconnected = true;
    if (connection !== undefined) await this.#options.disconnect(connection);
  }

  #closed(): QueueClosedError {
    return new QueueClosedError(`the ${this.#options.broker} backend is closed: create a new one`);
  }
}
