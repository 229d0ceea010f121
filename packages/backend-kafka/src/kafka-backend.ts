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
import { KafkaConnection } from './client.ts';
import { KafkaParkedStore } from './dead-letters.ts';
import { optionsFromEnv } from './env.ts';
import { kafkaHealth } from './health.ts';
import { type KafkaBackendOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import { KafkaPublishTarget } from './publisher.ts';
import { createSubscriber } from './subscriber.ts';

/**
 * Maximum number of pending settlements of a subscription. Kafka delays its answer to a commit, but one commit confirms
 * any number of acks.
 */
const MAX_SETTLING = 2_000;

/** Queues in Apache Kafka: one topic for each key. */
export class KafkaBackend implements QueueBackend {
  readonly name = 'kafka';
  readonly capabilities: BackendCapabilities;
  readonly endpoint: string;
  readonly #options: ResolvedOptions;
  readonly #lifecycle: BackendLifecycle<KafkaConnection>;
  readonly #publisher: Publisher;

  /** @throws ConfigurationError - an option is invalid; the message names it and gives an example */
  constructor(options: KafkaBackendOptions) {
    this.#options = resolveOptions(options);
    this.endpoint = this.#options.endpoint;
    this.capabilities = Object.freeze<BackendCapabilities>({
      scope: 'network',
      persistent: true,
      ordering: 'ordering-key',
      idempotentPublish: false,
      retainsWithoutGroup: true,
      startTime: true,
      patterns: false,
      retryCount: 'exact',
      settlement: 'individual',
      maxPayloadBytes: this.#options.maxPayloadBytes,
    });
    this.#lifecycle = new BackendLifecycle({
      broker: 'Kafka',
      connect: () => new KafkaConnection(this.#options),
      disconnect: (connection) => connection.close(),
    });
    this.#publisher = createPublisher(new KafkaPublishTarget(() => this.#lifecycle.connection(), this.#options), {
      ...this.#options,
      broker: 'Kafka',
    });
  }

  /**
   * Creates a backend from the `KAFKA_*` variables and the variables that every backend reads.
   *
   * @param env - the environment variables; default `process.env`
   * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): KafkaBackend {
    return new KafkaBackend(optionsFromEnv(env, logger));
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
      maxSettling: MAX_SETTLING,
    });
  }

  deadLetters({ group, keys = this.#options.keys }: { group: string; keys?: readonly QueueKey[] }): DeadLetters {
    let store: KafkaParkedStore | undefined;
    const open = (): KafkaParkedStore => {
      const connection = this.#lifecycle.use();
      store ??= new KafkaParkedStore(connection, this.#options, group);
      return store;
    };
    return createDeadLetters(open, { group, keys });
  }

  async health(): Promise<BackendHealth> {
    if (this.#lifecycle.isClosed) return { status: 'down', detail: { endpoint: this.endpoint, closed: true } };
    return kafkaHealth(this.#lifecycle.use(), this.#options, this.#lifecycle.unsettled);
  }

  close(options?: { drainTimeoutMs?: number }): Promise<void> {
    return this.#lifecycle.close(this.#publisher, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
