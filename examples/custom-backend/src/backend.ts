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
  checkHealth,
  createDeadLetters,
  createPublisher,
  type Publisher,
  resolveConsumeOptions,
} from '@slack-mcp/core/backend';
import { PostgresClient } from './client.ts';
import { PostgresParkedStore } from './dead-letters.ts';
import { optionsFromEnv, type PostgresBackendOptions, type PostgresOptions, resolveOptions } from './options.ts';
import { problemOf } from './problem.ts';
import { PostgresSource } from './source.ts';
import { PostgresTarget } from './target.ts';

/** A queue in the tables of a PostgreSQL database. Consumers take rows with `SKIP LOCKED`. */
export class PostgresBackend implements QueueBackend {
  readonly name = 'postgres';
  readonly capabilities: BackendCapabilities;
  readonly #options: PostgresOptions;
  readonly #lifecycle: BackendLifecycle<PostgresClient>;
  readonly #publisher: Publisher;

  /** @throws ConfigurationError - an option is invalid; the message names it and gives an example */
  constructor(options: PostgresBackendOptions = {}) {
    this.#options = resolveOptions(options);
    this.capabilities = Object.freeze<BackendCapabilities>({
      scope: 'network',
      persistent: true,
      ordering: 'single-consumer',
      idempotentPublish: true,
      retainsWithoutGroup: false,
      patterns: false,
      retryCount: 'approximate',
      settlement: 'individual',
      maxPayloadBytes: this.#options.maxPayloadBytes,
    });
    this.#lifecycle = new BackendLifecycle({
      broker: 'PostgreSQL',
      connect: () => new PostgresClient(this.#options),
      disconnect: (client) => client.close(),
    });
    const target = new PostgresTarget(() => this.#lifecycle.connection(), this.#options.groups);
    this.#publisher = createPublisher(target, {
      ...this.#options,
      broker: 'PostgreSQL',
      endpoint: `postgres://${new URL(this.#options.url).host}`,
    });
  }

  /**
   * Creates a backend from environment variables.
   *
   * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): PostgresBackend {
    return new PostgresBackend(optionsFromEnv(env, logger));
  }

  publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void> {
    return this.#publisher.publish(key, payload, options);
  }

  consume<P extends QueuePayload = QueuePayload>(options?: ConsumeOptions): Subscription<P> {
    const resolved = resolveConsumeOptions(options, { ...this.#options, capabilities: this.capabilities });
    const source = new PostgresSource(this.#lifecycle.use(), resolved, this.#options);
    return this.#lifecycle.subscribe(source, resolved, this.#options);
  }

  deadLetters({ group, keys = this.#options.keys }: { group: string; keys?: readonly QueueKey[] }): DeadLetters {
    return createDeadLetters(() => new PostgresParkedStore(this.#lifecycle.use(), group), { group, keys });
  }

  async health(): Promise<BackendHealth> {
    if (this.#lifecycle.isClosed) return { status: 'down', detail: { closed: true } };
    return checkHealth({
      check: async () => {
        const { unsettled } = this.#lifecycle;
        const refusesWrites = await this.#lifecycle.connection().refusesWrites();
        return { status: refusesWrites || unsettled > 0 ? 'degraded' : 'up', detail: { unsettled, refusesWrites } };
      },
      failed: (cause) => problemOf(cause, 'checking the health'),
      detail: {},
    });
  }

  close(options?: { drainTimeoutMs?: number }): Promise<void> {
    return this.#lifecycle.close(this.#publisher, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
