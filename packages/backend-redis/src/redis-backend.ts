import type {
  BackendCapabilities,
  BackendHealth,
  ConsumeOptions,
  DeadLetters,
  Env,
  Logger,
  PublishOptions,
  PublishPayload,
  QueueBackend,
  QueueKey,
  QueuePayload,
  Subscription,
} from '@slack-mcp/core';
import {
  BackendLifecycle,
  createDeadLetters,
  createPublisher,
  type Publisher,
  resolveConsumeOptions,
} from '@slack-mcp/core/backend';
import { RedisConnection } from './client.ts';
import { RedisParkedStore } from './dead-letters.ts';
import { optionsFromEnv } from './env.ts';
import { redisHealth } from './health.ts';
import { type RedisBackendOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import { RedisPublishTarget } from './publisher.ts';
import { createSubscriber } from './subscriber.ts';

/** Maximum number of headers of a message, because a Lua script accepts a limited number of arguments. */
const MAX_HEADERS = 1_000;

/** Queues in Redis Streams: one stream for each key. */
export class RedisBackend implements QueueBackend {
  readonly name = 'redis';
  readonly capabilities: BackendCapabilities;
  readonly endpoint: string;
  readonly #options: ResolvedOptions;
  readonly #lifecycle: BackendLifecycle<RedisConnection>;
  readonly #publisher: Publisher;

  /** @throws ConfigurationError - an option is invalid; the message names it and gives an example */
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
    this.#lifecycle = new BackendLifecycle({
      broker: 'Redis',
      // For everything except blocking reads.
      connect: () => new RedisConnection(this.#options, 'main'),
      disconnect: (connection) => connection.close(),
    });
    this.#publisher = createPublisher(new RedisPublishTarget(() => this.#lifecycle.connection(), this.#options), {
      ...this.#options,
      broker: 'Redis',
      maxHeaders: MAX_HEADERS,
    });
  }

  /**
   * Creates a backend from the `REDIS_*` variables and the variables that every backend reads.
   *
   * @param env - the environment variables; default `process.env`
   * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): RedisBackend {
    return new RedisBackend(optionsFromEnv(env, logger));
  }

  publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void> {
    return this.#publisher.publish(key, payload, options);
  }

  consume<P extends QueuePayload = QueuePayload>(options?: ConsumeOptions): Subscription<P> {
    const { capabilities } = this;
    const { keys, logger, timeoutMs, retryDelayMs, maxDeliveries, leaseMs } = this.#options;
    const resolved = resolveConsumeOptions(options, { keys, capabilities });
    const subscriber = createSubscriber(this.#lifecycle.use(), this.#options, resolved);
    return this.#lifecycle.subscribe(subscriber, resolved, {
      logger,
      timeoutMs,
      retryDelayMs,
      maxDeliveries,
      isolationMs: leaseMs,
    });
  }

  deadLetters({ group, keys = this.#options.keys }: { group: string; keys?: readonly QueueKey[] }): DeadLetters {
    const open = (): RedisParkedStore => new RedisParkedStore(this.#lifecycle.use(), this.#options, group);
    return createDeadLetters(open, { group, keys });
  }

  async health(): Promise<BackendHealth> {
    if (this.#lifecycle.isClosed) return { status: 'down', detail: { endpoint: this.endpoint, closed: true } };
    return redisHealth(this.#lifecycle.use(), this.#options, this.#lifecycle.unsettled);
  }

  close(options?: { drainTimeoutMs?: number }): Promise<void> {
    return this.#lifecycle.close(this.#publisher, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
