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
import { AcmeClient } from './client.ts';
import { AcmeParkedStore } from './dead-letters.ts';
import { type AcmeBackendOptions, type AcmeOptions, optionsFromEnv, resolveOptions } from './options.ts';
import { AcmeSource } from './source.ts';
import { AcmeTarget } from './target.ts';

/** A queue in Acme. */
export class AcmeBackend implements QueueBackend {
  readonly name = 'acme';
  /** Declare what your broker does: the suite tests each capability. The stand-in runs in one process. */
  readonly capabilities: BackendCapabilities;
  readonly #options: AcmeOptions;
  readonly #lifecycle: BackendLifecycle<AcmeClient>;
  readonly #publisher: Publisher;

  /** @throws ConfigurationError - an option is invalid; the message names it and gives an example */
  constructor(options: AcmeBackendOptions = {}) {
    this.#options = resolveOptions(options);
    this.capabilities = Object.freeze<BackendCapabilities>({
      scope: 'process',
      persistent: false,
      ordering: 'single-consumer',
      idempotentPublish: true,
      retainsWithoutGroup: false,
      patterns: false,
      retryCount: 'exact',
      settlement: 'individual',
      maxPayloadBytes: this.#options.maxPayloadBytes,
    });
    this.#lifecycle = new BackendLifecycle({
      broker: 'Acme',
      connect: () => new AcmeClient(this.#options),
      disconnect: (client) => client.close(),
    });
    const target = new AcmeTarget(() => this.#lifecycle.connection(), this.#options.groups);
    this.#publisher = createPublisher(target, { ...this.#options, broker: 'Acme', endpoint: this.#options.url });
  }

  /**
   * Creates a backend from environment variables.
   *
   * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
   */
  static fromEnv(env?: Env, { logger }: { logger?: Logger } = {}): AcmeBackend {
    return new AcmeBackend(optionsFromEnv(env, logger));
  }

  publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void> {
    return this.#publisher.publish(key, payload, options);
  }

  consume<P extends QueuePayload = QueuePayload>(options?: ConsumeOptions): Subscription<P> {
    const resolved = resolveConsumeOptions(options, { ...this.#options, capabilities: this.capabilities });
    const source = new AcmeSource(this.#lifecycle.use(), resolved, this.#options);
    return this.#lifecycle.subscribe(source, resolved, this.#options);
  }

  deadLetters({ group, keys = this.#options.keys }: { group: string; keys?: readonly QueueKey[] }): DeadLetters {
    return createDeadLetters(() => new AcmeParkedStore(this.#lifecycle.use(), group), { group, keys });
  }

  async health(): Promise<BackendHealth> {
    if (this.#lifecycle.isClosed) return { status: 'down', detail: { closed: true } };
    const { unsettled } = this.#lifecycle;
    await this.#lifecycle.connection().ping();
    return { status: unsettled > 0 ? 'degraded' : 'up', detail: { unsettled } };
  }

  close(options?: { drainTimeoutMs?: number }): Promise<void> {
    return this.#lifecycle.close(this.#publisher, options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
