import {
  assertGroup,
  assertKey,
  type BackendCapabilities,
  type BackendHealth,
  type BackendSubscription,
  type ConsumeOptions,
  createSubscription,
  type DeadLetters,
  type Env,
  type Logger,
  type PublishOptions,
  type QueueBackend,
  QueueClosedError,
  type QueueKey,
  type QueuePayload,
  resolveConsumeOptions,
  type Subscription,
} from '@slack-mcp/core';
import { RedisConnection } from './client.ts';
import { RedisDeadLetters } from './dead-letters.ts';
import { optionsFromEnv } from './env.ts';
import { redisHealth } from './health.ts';
import { type RedisBackendOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import { RedisPublisher } from './publisher.ts';
import { createSubscriber } from './subscriber.ts';

/** Least milliseconds that publishes which were begun may still take when the backend is closed. */
const MIN_FLUSH_MS = 2_000;
/** How long subscriptions drain, unless told otherwise, in milliseconds. */
const DRAIN_TIMEOUT_MS = 10_000;
/** Milliseconds beyond the drain time for Redis to take back what was not settled. */
const GIVE_BACK_MS = 1_000;

/** Queues in Redis Streams: one stream for each key. */
export class RedisBackend implements QueueBackend {
  readonly name = 'redis';
  readonly capabilities: BackendCapabilities;
  readonly endpoint: string;
  readonly #options: ResolvedOptions;
  readonly #subscriptions = new Set<BackendSubscription>();
  #connection: RedisConnection | undefined;
  #publisher: RedisPublisher | undefined;
  #closing: Promise<void> | undefined;

  /**
   * @throws ConfigurationError - names the option and gives an example
   */
  constructor(options: RedisBackendOptions) {
    this.#options = resolveOptions(options);
    this.endpoint = this.#options.endpoint;
    this.capabilities = Object.freeze<BackendCapabilities>({
      scope: 'network',
      persistent: true,
      ordering: 'single-consumer',
      idempotentPublish: true,
      retainsWithoutGroup: true,
      patterns: false,
      retryCount: 'exact',
      settlement: 'individual',
      maxPayloadBytes: this.#options.maxPayloadBytes,
    });
  }

  /**
   * Reads `REDIS_URL` and its companions, and what every backend reads.
   *
   * @param env - default `process.env`
   * @throws ConfigurationError - names the variable and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): RedisBackend {
    return new RedisBackend(optionsFromEnv(env, logger));
  }

  async publish(key: QueueKey, payload: QueuePayload, options?: PublishOptions): Promise<void> {
    this.#publisher ??= new RedisPublisher(this.#connect(), this.#options);
    if (this.#closing !== undefined) throw closed();
    return this.#publisher.publish(key, payload, options);
  }

  consume<P extends QueuePayload = QueuePayload>(options?: ConsumeOptions): Subscription<P> {
    const { capabilities } = this;
    const { keys, logger, timeoutMs, retryDelayMs, maxDeliveries, leaseMs } = this.#options;
    const resolved = resolveConsumeOptions(options, { keys, capabilities });
    const subscriber = createSubscriber(this.#connect(), this.#options, resolved);
    const subscription: BackendSubscription = createSubscription(subscriber, resolved, {
      logger,
      timeoutMs,
      retryDelayMs,
      maxDeliveries,
      isolationMs: leaseMs,
      onClosed: () => this.#subscriptions.delete(subscription),
    });
    this.#subscriptions.add(subscription);
    return subscription as Subscription as Subscription<P>;
  }

  deadLetters({ group, keys = this.#options.keys }: { group: string; keys?: readonly QueueKey[] }): DeadLetters {
    assertGroup(group);
    keys.forEach(assertKey);
    return new RedisDeadLetters(() => this.#connect(), this.#options, group, keys);
  }

  async health(): Promise<BackendHealth> {
    if (this.#closing !== undefined) return { status: 'down', detail: { endpoint: this.endpoint, closed: true } };
    const unsettled = [...this.#subscriptions].reduce((total, subscription) => total + subscription.unsettled, 0);
    return redisHealth(this.#connect(), this.#options, unsettled);
  }

  close(options: { drainTimeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(options: { drainTimeoutMs?: number }): Promise<void> {
    const flushMs = Math.max(MIN_FLUSH_MS, options.drainTimeoutMs ?? 0);
    const patienceMs = Math.max(flushMs, (options.drainTimeoutMs ?? DRAIN_TIMEOUT_MS) + GIVE_BACK_MS);
    // What waits for a Redis that is silent is rejected with the connection. Longer timers fire at once.
    const forced = patienceMs < 2 ** 31 ? setTimeout(() => this.#connection?.close(), patienceMs) : undefined;
    await Promise.all([
      this.#publisher?.close(flushMs),
      ...[...this.#subscriptions].map((subscription) => subscription.close(options)),
    ]);
    clearTimeout(forced);
    this.#connection?.close();
  }

  /** The connection for all that does not wait at Redis. The first command opens it. */
  #connect(): RedisConnection {
    if (this.#closing !== undefined) throw closed();
    this.#connection ??= new RedisConnection(this.#options, 'main');
    return this.#connection;
  }
}

function closed(): QueueClosedError {
  return new QueueClosedError('the Redis backend is closed: create a new one');
}
