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
import type { MemoryBroker } from './broker.ts';
import { findBroker, joinBroker, leaveBroker } from './broker-registry.ts';
import { MemoryParkedStore } from './dead-letters.ts';
import { brokerHealth } from './health.ts';
import { type MemoryBackendOptions, optionsFromEnv, type ResolvedOptions, resolveOptions } from './options.ts';
import { MemoryPublishTarget } from './publisher.ts';
import { MemorySubscriber } from './subscriber.ts';

/**
 * Queues in the memory of this process, for development, tests and one-process servers. Instances with the same name
 * share their queues. When all instances that used a name are closed, the queues of this name are deleted.
 */
export class MemoryBackend implements QueueBackend {
  readonly name = 'memory';
  readonly capabilities: BackendCapabilities;
  readonly #options: ResolvedOptions;
  readonly #lifecycle: BackendLifecycle<MemoryBroker>;
  readonly #publisher: Publisher;

  /** @throws ConfigurationError - an option is invalid; the message names it and gives an example */
  constructor(options: MemoryBackendOptions = {}) {
    this.#options = resolveOptions(options);
    this.capabilities = Object.freeze<BackendCapabilities>({
      scope: 'process',
      persistent: false,
      ordering: 'single-consumer',
      idempotentPublish: true,
      retainsWithoutGroup: true,
      patterns: false,
      retryCount: 'exact',
      settlement: 'individual',
      maxPayloadBytes: this.#options.maxPayloadBytes,
    });
    const { name } = this.#options;
    this.#lifecycle = new BackendLifecycle({
      broker: this.name,
      connect: () => joinBroker(name),
      disconnect: (broker) => {
        if (leaveBroker(name, broker)) this.#warnOfLoss(broker);
      },
    });
    const target = new MemoryPublishTarget(() => this.#lifecycle.connection(), this.#options);
    this.#publisher = createPublisher(target, { ...this.#options, broker: this.name });
  }

  /**
   * Reads `MEMORY_NAME`, `MEMORY_MAX_LENGTH`, `MEMORY_MAX_BACKLOG`, `MEMORY_MAX_DELIVERIES` and the variables that all
   * backends share.
   *
   * @param env - the environment variables; default `process.env`
   * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): MemoryBackend {
    return new MemoryBackend(optionsFromEnv(env, logger));
  }

  publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void> {
    return this.#publisher.publish(key, payload, options);
  }

  consume<P extends QueuePayload = QueuePayload>(options?: ConsumeOptions): Subscription<P> {
    const { capabilities } = this;
    const { keys, logger, maxDeliveries } = this.#options;
    const resolved = resolveConsumeOptions(options, { keys, capabilities });
    return this.#lifecycle.subscribe(new MemorySubscriber(this.#lifecycle.use(), resolved), resolved, {
      logger,
      maxDeliveries,
    });
  }

  deadLetters({ group, keys = this.#options.keys }: { group: string; keys?: readonly QueueKey[] }): DeadLetters {
    return createDeadLetters(() => new MemoryParkedStore(this.#lifecycle.use(), group), { group, keys });
  }

  async health(): Promise<BackendHealth> {
    if (this.#lifecycle.isClosed) return { status: 'down', detail: { closed: true } };
    return brokerHealth(findBroker(this.#options.name), this.#options.maxBacklog);
  }

  close(options?: { drainTimeoutMs?: number }): Promise<void> {
    return this.#lifecycle.close(this.#publisher, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #warnOfLoss({ backlog, deadLetters }: MemoryBroker): void {
    const { name, logger } = this.#options;
    if (backlog > 0 || deadLetters > 0) {
      logger.warn({ backend: this.name, name, messages: backlog, deadLetters }, 'queue_messages_lost');
    }
  }
}
