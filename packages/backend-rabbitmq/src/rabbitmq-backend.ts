import {
  assertGroup,
  assertKey,
  type BackendCapabilities,
  type BackendHealth,
  type ConsumeOptions,
  type DeadLetters,
  type Env,
  type Logger,
  type PublishOptions,
  type PublishPayload,
  type QueueBackend,
  type QueueKey,
  type QueuePayload,
  type Subscription,
} from '@slack-mcp/core';
import { BackendLifecycle, createPublisher, type Publisher, resolveConsumeOptions } from '@slack-mcp/core/backend';
import { RabbitMQClient } from './client.ts';
import { RabbitMQDeadLetters } from './dead-letters.ts';
import { optionsFromEnv } from './env.ts';
import { rabbitMQHealth } from './health.ts';
import { isolationMs, type RabbitMQBackendOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import { RabbitMQPublishTarget } from './publisher.ts';
import { createSubscriber } from './subscriber.ts';

/** Queues in RabbitMQ: a topic exchange, and a queue for each key and group. */
export class RabbitMQBackend implements QueueBackend {
  readonly name = 'rabbitmq';
  readonly capabilities: BackendCapabilities;
  readonly endpoint: string;
  readonly #options: ResolvedOptions;
  readonly #lifecycle: BackendLifecycle<RabbitMQClient>;
  readonly #publisher: Publisher;

  /**
   * @throws ConfigurationError - an option is invalid; the message names it and gives an example
   */
  constructor(options: RabbitMQBackendOptions = {}) {
    this.#options = resolveOptions(options);
    this.endpoint = this.#options.endpoint;
    this.capabilities = Object.freeze<BackendCapabilities>({
      scope: 'network',
      persistent: this.#options.durable,
      ordering: 'single-consumer',
      idempotentPublish: false,
      retainsWithoutGroup: false,
      patterns: true,
      retryCount: 'approximate',
      settlement: 'individual',
      maxPayloadBytes: this.#options.maxPayloadBytes,
    });
    this.#lifecycle = new BackendLifecycle({
      broker: 'RabbitMQ',
      connect: () => new RabbitMQClient(this.#options),
      disconnect: (client) => client.close(),
    });
    this.#publisher = createPublisher(new RabbitMQPublishTarget(() => this.#lifecycle.connection(), this.#options), {
      ...this.#options,
      broker: 'RabbitMQ',
    });
  }

  /**
   * Creates a backend from the `RABBITMQ_*` variables and the variables that every backend reads.
   *
   * @param env - the environment variables; default `process.env`
   * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): RabbitMQBackend {
    return new RabbitMQBackend(optionsFromEnv(env, logger));
  }

  publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void> {
    return this.#publisher.publish(key, payload, options);
  }

  consume<P extends QueuePayload = QueuePayload>(options?: ConsumeOptions): Subscription<P> {
    const { capabilities } = this;
    const { keys, logger, timeoutMs, retryDelayMs, maxDeliveries } = this.#options;
    const resolved = resolveConsumeOptions(options, { keys, capabilities });
    const subscriber = createSubscriber(this.#lifecycle.use(), this.#options, resolved);
    return this.#lifecycle.subscribe(subscriber, resolved, {
      logger,
      // The answer to one request confirms all acks before the request.
      ackBatch: { pipelined: true },
      timeoutMs,
      retryDelayMs,
      maxDeliveries,
      isolationMs: isolationMs(this.#options),
    });
  }

  deadLetters({ group, keys = this.#options.keys }: { group: string; keys?: readonly QueueKey[] }): DeadLetters {
    assertGroup(group);
    keys.forEach(assertKey);
    return new RabbitMQDeadLetters(() => this.#lifecycle.use(), this.#options, group, keys);
  }

  async health(): Promise<BackendHealth> {
    if (this.#lifecycle.isClosed) return { status: 'down', detail: { endpoint: this.endpoint, closed: true } };
    return rabbitMQHealth(this.#lifecycle.use(), this.#options, this.#lifecycle.unsettled);
  }

  close(options?: { drainTimeoutMs?: number }): Promise<void> {
    return this.#lifecycle.close(this.#publisher, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
