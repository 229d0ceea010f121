import {
  type BackendCapabilities,
  type BackendHealth,
  type ConsumeOptions,
  type DeadLetters,
  type PublishOptions,
  type PublishPayload,
  payloadOf,
  type QueueBackend,
  type QueueKey,
  type QueueMessage,
  type QueuePayload,
  type Subscription,
} from '@slack-mcp/core';

/** A message that was published to the backend of a test context. */
export interface Published {
  readonly key: QueueKey;
  readonly payload: QueuePayload;
  readonly options: PublishOptions;
}

/** A backend without a queue: it records what is published, and its subscriptions receive nothing. */
export class IdleBackend implements QueueBackend {
  readonly name = 'test';
  readonly capabilities: BackendCapabilities = {
    scope: 'process',
    persistent: false,
    ordering: 'none',
    idempotentPublish: false,
    retainsWithoutGroup: false,
    patterns: true,
    retryCount: 'exact',
    settlement: 'individual',
    maxPayloadBytes: null,
  };
  readonly published: Published[] = [];

  async publish(key: QueueKey, payload: PublishPayload, options: PublishOptions = {}): Promise<void> {
    this.published.push({ key, payload: payloadOf(payload), options });
  }

  consume<P extends QueuePayload = QueuePayload>({ signal }: ConsumeOptions = {}): Subscription<P> {
    const { promise: end, resolve } = Promise.withResolvers<IteratorResult<QueueMessage<P>, undefined>>();
    const finish = (): void => resolve({ done: true, value: undefined });
    if (signal?.aborted) finish();
    signal?.addEventListener('abort', finish, { once: true });
    const subscription: Subscription<P> = {
      ready: Promise.resolve(),
      next: () => end,
      return: () => {
        finish();
        return end;
      },
      close: async () => finish(),
      [Symbol.asyncIterator]: () => subscription,
    };
    return subscription;
  }

  deadLetters(): DeadLetters {
    return { list: async () => ({ items: [] }), redrive: async () => 0, purge: async () => 0 };
  }

  async health(): Promise<BackendHealth> {
    return { status: 'up', detail: {} };
  }

  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}
