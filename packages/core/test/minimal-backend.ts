import {
  type BackendCapabilities,
  type BackendHealth,
  type DeadLetters,
  type Env,
  type QueueBackend,
  type QueueBackendClass,
  type QueuePayload,
  type Subscription,
  UnsupportedError,
} from '../src/index.ts';

/** The smallest valid backend. Its methods reject: tests only check its shape. */
export class MinimalBackend implements QueueBackend {
  readonly name = 'minimal';
  readonly env: Env;
  readonly capabilities: BackendCapabilities = {
    scope: 'process',
    persistent: false,
    ordering: 'none',
    idempotentPublish: false,
    retainsWithoutGroup: false,
    patterns: false,
    retryCount: 'exact',
    settlement: 'individual',
    maxPayloadBytes: null,
  };

  constructor(env: Env = {}) {
    this.env = env;
  }

  static fromEnv(env: Env = process.env): MinimalBackend {
    return new MinimalBackend(env);
  }

  async publish(): Promise<void> {
    throw new UnsupportedError('publish');
  }

  consume<P extends QueuePayload>(): Subscription<P> {
    throw new UnsupportedError('consume');
  }

  deadLetters(): DeadLetters {
    throw new UnsupportedError('deadLetters');
  }

  async health(): Promise<BackendHealth> {
    return { status: 'up', detail: {} };
  }

  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

MinimalBackend satisfies QueueBackendClass<MinimalBackend>;
