import {
  assertGroup,
  assertKey,
  type BackendCapabilities,
  type BackendHealth,
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
import type { MemoryBroker } from './broker.ts';
import { findBroker, joinBroker, leaveBroker } from './broker-registry.ts';
import { MemoryDeadLetters } from './dead-letters.ts';
import { brokerHealth } from './health.ts';
import { type MemoryBackendOptions, optionsFromEnv, type ResolvedOptions, resolveOptions } from './options.ts';
import { MemoryPublisher } from './publisher.ts';
import { MemorySubscriber } from './subscriber.ts';

/**
 * Queues in the memory of this process, for development, tests and one-process servers. Instances of one name share
 * their queues; when the last of those that were used is closed, the queues are gone.
 */
export class MemoryBackend implements QueueBackend {
  readonly name = 'memory';
  readonly capabilities: BackendCapabilities;
  readonly #options: ResolvedOptions;
  readonly #subscriptions = new Set<Subscription>();
  #broker: MemoryBroker | undefined;
  #publisher: MemoryPublisher | undefined;
  #closed = false;

  /**
   * @throws ConfigurationError - names the option and gives an example
   */
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
  }

  /**
   * Reads `MEMORY_NAME`, `MEMORY_MAX_LENGTH`, `MEMORY_MAX_BACKLOG`, `MEMORY_MAX_DELIVERIES`, and what every backend reads.
   *
   * @param env - default `process.env`
   * @throws ConfigurationError - names the variable and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): MemoryBackend {
    return new MemoryBackend(optionsFromEnv(env, logger));
  }

  async publish(key: QueueKey, payload: QueuePayload, options?: PublishOptions): Promise<void> {
    this.#publisher ??= new MemoryPublisher(this.#open(), this.#options);
    const turn = this.#publisher.publish(key, payload, options);
    if (turn !== undefined) await turn;
  }

  consume<P extends QueuePayload = QueuePayload>(options?: ConsumeOptions): Subscription<P> {
    const { capabilities } = this;
    const { keys, logger, maxDeliveries } = this.#options;
    const resolved = resolveConsumeOptions(options, { keys, capabilities });
    const subscription = createSubscription(new MemorySubscriber(this.#open(), resolved), resolved, {
      logger,
      maxDeliveries,
      onClosed: () => this.#subscriptions.delete(subscription),
    });
    this.#subscriptions.add(subscription);
    return subscription as Subscription as Subscription<P>;
  }

  deadLetters({ group, keys = this.#options.keys }: { group: string; keys?: readonly QueueKey[] }): DeadLetters {
    assertGroup(group);
    keys.forEach(assertKey);
    return new MemoryDeadLetters(() => this.#open(), group, [...new Set(keys)]);
  }

  async health(): Promise<BackendHealth> {
    if (this.#closed) return { status: 'down', detail: { closed: true } };
    return brokerHealth(findBroker(this.#options.name), this.#options.maxBacklog);
  }

  async close(options?: { drainTimeoutMs?: number }): Promise<void> {
    this.#closed = true;
    this.#publisher = undefined;
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close(options)));
    const broker = this.#broker;
    this.#broker = undefined;
    if (broker !== undefined && leaveBroker(this.#options.name, broker)) this.#warnOfLoss(broker);
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

  #open(): MemoryBroker {
    if (this.#closed) throw new QueueClosedError('the memory backend is closed: create a new one');
    this.#broker ??= joinBroker(this.#options.name);
    return this.#broker;
  }
}
