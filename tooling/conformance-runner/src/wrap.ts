import type { QueueBackend, QueueMessage, Subscription } from '@slack-mcp/core';

/** `inner` with some methods replaced. */
export function wrapBackend(inner: QueueBackend, overrides: Partial<QueueBackend>): QueueBackend {
  return {
    name: inner.name,
    capabilities: inner.capabilities,
    publish: (key, payload, options) => inner.publish(key, payload, options),
    consume: (options) => inner.consume(options),
    deadLetters: (options) => inner.deadLetters(options),
    health: () => inner.health(),
    close: (options) => inner.close(options),
    ...overrides,
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}

/** The methods of a subscription that can be replaced. */
export type SubscriptionOverrides = Partial<Pick<Subscription, 'ready' | 'next' | 'return' | 'close'>>;

/** `inner` with some methods replaced. */
export function wrapSubscription(inner: Subscription, overrides: SubscriptionOverrides): Subscription {
  return {
    ready: inner.ready,
    next: () => inner.next(),
    return: () => inner.return(),
    close: (options) => inner.close(options),
    ...overrides,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** `inner` with each message replaced. */
export function mapMessages(inner: Subscription, map: (message: QueueMessage) => QueueMessage): Subscription {
  return wrapSubscription(inner, {
    async next() {
      const result = await inner.next();
      return result.done ? result : { done: false, value: map(result.value) };
    },
  });
}

/**
 * `inner` with some members replaced.
 *
 * @param signalOf - returns the signal. Called on demand: a signal costs more than the message.
 */
export function wrapMessage(
  inner: QueueMessage,
  overrides: Partial<Omit<QueueMessage, 'signal'>>,
  signalOf: () => AbortSignal = () => inner.signal,
): QueueMessage {
  return {
    payload: inner.payload,
    metadata: inner.metadata,
    get signal() {
      return signalOf();
    },
    ack: () => inner.ack(),
    nack: (options) => inner.nack(options),
    deadLetter: (reason) => inner.deadLetter(reason),
    ...overrides,
  };
}

/** {@link QueueBackend.consume} without its type parameter, as wrappers see it. */
export function consumeWith(
  consume: (options: Parameters<QueueBackend['consume']>[0]) => Subscription,
): QueueBackend['consume'] {
  return consume as QueueBackend['consume'];
}
