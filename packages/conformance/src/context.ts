import type {
  BackendCapabilities,
  ConsumeOptions,
  PublishOptions,
  QueueBackend,
  QueueKey,
  QueueMessage,
} from '@slack-mcp/core';
import { check } from './check.ts';
import { type ConsumerChild, type ConsumerConduct, spawnConsumerChild } from './consumer-process.ts';
import { eventually, within } from './eventually.ts';
import type { BackendOverrides, ConformanceFaults, ConformanceHarness, ConformanceInspect } from './harness.ts';
import { Reader } from './reader.ts';

/** The key for properties that need only one key. */
export const KEY: QueueKey = 'events';

/** The settings that determine the size of a run. */
export interface RunSettings {
  readonly scale: number;
  readonly deadlineMs: number;
}

/**
 * The environment of one property. Each property has its own namespace, and its environment closes all objects that the
 * property opens.
 */
export class PropertyContext {
  readonly harness: ConformanceHarness;
  readonly namespace: string;
  readonly scale: number;
  /** Maximum time in milliseconds to wait for each expected event. */
  readonly deadlineMs: number;
  readonly #backends: QueueBackend[] = [];
  readonly #children: ConsumerChild[] = [];

  constructor(harness: ConformanceHarness, namespace: string, settings: RunSettings) {
    this.harness = harness;
    this.namespace = namespace;
    this.scale = settings.scale;
    this.deadlineMs = settings.deadlineMs;
  }

  get capabilities(): BackendCapabilities {
    return this.harness.capabilities;
  }

  /**
   * The faults that the harness can cause. The runner has checked that every fault that the property needs is among
   * them.
   */
  get faults(): Required<ConformanceFaults> {
    return this.harness.faults as Required<ConformanceFaults>;
  }

  get inspect(): ConformanceInspect {
    return this.harness.inspect ?? {};
  }

  /** Scales a number: returns `full` at scale 1 and a smaller number at smaller scales, but at least `least`. */
  count(full: number, least: number): number {
    return Math.max(least, Math.round(full * this.scale));
  }

  backend(overrides: BackendOverrides = {}): QueueBackend {
    return this.track(this.harness.create({ namespace: this.namespace, ...overrides }));
  }

  /** Registers a backend to be closed after the property has run, and returns it. */
  track<B extends QueueBackend>(backend: B): B {
    this.#backends.push(backend);
    return backend;
  }

  /** Opens a subscription and waits until it is ready. Reads {@link KEY} by default. */
  async consume(backend: QueueBackend, options: ConsumeOptions = {}): Promise<Reader> {
    const reader = this.read(backend, options);
    await this.within(reader.subscription.ready, `the subscription of ${options.group ?? 'an independent consumer'}`);
    return reader;
  }

  /** Opens a subscription without waiting until it is ready. */
  read(backend: QueueBackend, options: ConsumeOptions = {}): Reader {
    const name = options.group === undefined ? 'an independent consumer' : `a member of ${options.group}`;
    return new Reader(backend.consume({ keys: KEY, ...options }), name, this.deadlineMs);
  }

  /** Publishes `{ n }` for each number, in batches of a hundred. */
  async publish(
    backend: QueueBackend,
    numbers: readonly number[],
    options: { key?: QueueKey } & PublishOptions = {},
  ): Promise<void> {
    const { key = KEY, ...publishOptions } = options;
    for (let start = 0; start < numbers.length; start += 100) {
      const batch = numbers.slice(start, start + 100);
      await this.within(
        Promise.all(batch.map((n) => backend.publish(key, { n }, publishOptions))),
        `the broker to store ${batch.length} messages`,
      );
    }
  }

  /**
   * Reads until all `numbers` have arrived, then publishes one more message and reads until it arrives. Fails if
   * another message arrives or a message arrives twice. Use this method only for an independent consumer or the only
   * consumer of a group.
   */
  async expectExactly(
    reader: Reader,
    backend: QueueBackend,
    numbers: readonly number[],
    what: string,
    key: QueueKey = KEY,
  ): Promise<QueueMessage[]> {
    const messages = await this.collect(reader, numbers, what);
    const last = -1 - numbers.length;
    await this.publish(backend, [last], { key });
    for (;;) {
      const message = await reader.next(`the final message (${what})`);
      if (message.payload['n'] === last) return messages;
      check.equal(message.payload['n'], last, `${what}: number of the next message`);
    }
  }

  /** Reads until all `numbers` have arrived. Fails if a number arrives twice or another message arrives. */
  async collect(reader: Reader, numbers: readonly number[], what: string): Promise<QueueMessage[]> {
    const missing = new Set(numbers);
    const messages: QueueMessage[] = [];
    while (missing.size > 0) {
      const message = await reader.next(`${what}: ${missing.size} of ${numbers.length} missing`);
      const n = message.payload['n'] as number;
      check.ok(missing.delete(n), `${what}: ${n} arrived unexpectedly or twice`);
      messages.push(message);
    }
    return messages;
  }

  within<T>(promise: Promise<T>, describe: string): Promise<T> {
    return within(promise, { deadlineMs: this.deadlineMs, describe });
  }

  eventually<T>(
    condition: () => T | Promise<T>,
    describe: string | (() => string),
  ): Promise<Exclude<T, false | undefined>> {
    return eventually(condition, { deadlineMs: this.deadlineMs, describe });
  }

  /** Starts a consumer in a separate process, which the suite kills after the property has run. */
  async spawnConsumer(
    consume: ConsumeOptions,
    { maxDeliveries, ...conduct }: ConsumerConduct & Pick<BackendOverrides, 'maxDeliveries'> = {},
  ): Promise<ConsumerChild> {
    const overrides = maxDeliveries === undefined ? {} : { maxDeliveries };
    const child = spawnConsumerChild(this.harness.spawnConsumer as NonNullable<ConformanceHarness['spawnConsumer']>, {
      env: this.harness.envFor(this.namespace, overrides),
      consume: { keys: KEY, ...consume },
      conduct,
    });
    this.#children.push(child);
    await this.within(child.ready, 'the consumer process');
    return child;
  }

  /**
   * Closes all backends, subscriptions and processes that the property opened. Does not wait for objects that do not
   * close in time, because separate properties test closing.
   */
  async dispose(): Promise<void> {
    await Promise.allSettled(this.#children.map((child) => child.kill()));
    await this.harness.faults?.proxy?.heal();
    await this.harness.faults?.writes?.accept();
    const closing = this.#backends.map((backend) => backend.close({ drainTimeoutMs: 0 }));
    await Promise.allSettled(closing.map((promise) => this.within(promise, 'a backend to close')));
    await this.within(this.harness.destroy(this.namespace), 'the namespace to be destroyed');
  }
}

/** Returns `count` integers, starting at `from`. */
export function numbers(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}
