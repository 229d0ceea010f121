import { UnsupportedError } from '@slack-mcp/core';
import {
  type DeliverySink,
  type DeliverySource,
  type ResolvedConsumeOptions,
  retryAndLog,
} from '@slack-mcp/core/backend';
import { BlockingReader } from './blocking-reader.ts';
import { RedisConnection } from './client.ts';
import { IndependentFeed } from './independent-feed.ts';
import type { ResolvedOptions } from './options.ts';
import { ReadLoop } from './read-loop.ts';
import type { RedisDelivery } from './redis-delivery.ts';
import { StreamNames } from './stream-names.ts';

/** Milliseconds that a read waits at Redis. */
const BLOCK_MS = 2_000;
const CLUSTER_BLOCK_MS = 1_000;

/** A feed with its connection and loop. In a cluster, each key has its own feed. */
interface Reading {
  readonly feed: IndependentFeed;
  readonly reader: BlockingReader;
  readonly loop: ReadLoop<RedisDelivery>;
}

/** An independent consumer: reads messages that arrive in a stream after the start, and keeps no state in Redis. */
export class IndependentSubscriber implements DeliverySource<RedisDelivery> {
  readonly #connection: RedisConnection;
  readonly #options: ResolvedOptions;
  readonly #consume: ResolvedConsumeOptions;
  readonly #stopping = new AbortController();
  #readings: readonly Reading[] = [];
  #running: Promise<unknown> = Promise.resolve();

  constructor(connection: RedisConnection, options: ResolvedOptions, consume: ResolvedConsumeOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#consume = consume;
  }

  async open(sink: DeliverySink<RedisDelivery>, signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    const names = this.#consume.keys.map((key) => new StreamNames(this.#options.prefix, key));
    // In a cluster, the streams may be on different nodes.
    const parts = this.#options.cluster === undefined ? [names] : names.map((one) => [one]);
    this.#readings = parts.map((part) => this.#createReading(part, parts.length, sink));
    await this.#begin();
    if (this.#stopping.signal.aborted) return;
    this.#running = Promise.all(this.#readings.map(({ loop }) => loop.run(this.#stopping.signal)));
  }

  async ack(): Promise<readonly RedisDelivery[]> {
    return [];
  }

  async nack(delivery: RedisDelivery, { delayMs }: { delayMs: number }): Promise<void> {
    const reading = this.#readings.find(({ feed }) => feed.streams.includes(delivery.stream));
    reading?.feed.again(delivery, delayMs);
  }

  async deadLetter(): Promise<void> {
    throw new UnsupportedError('an independent consumer has no dead letters: consume with a group to use dead letters');
  }

  async release(): Promise<void> {}

  async close(): Promise<void> {
    this.#stop();
    for (const { feed, reader } of this.#readings) {
      feed.close();
      reader.close();
    }
    await this.#running;
  }

  #createReading(part: readonly StreamNames[], loops: number, sink: DeliverySink<RedisDelivery>): Reading {
    const { cluster, responseTimeoutMs, retryDelayMs, logger } = this.#options;
    const connection = new RedisConnection(this.#options, 'reader', BLOCK_MS + responseTimeoutMs);
    const reader = new BlockingReader(connection, this.#connection, cluster === undefined);
    const credits = sink.credits();
    const feed = new IndependentFeed(part, this.#connection, this.#options, credits, () => loop.wake());
    const blockMs = cluster === undefined ? BLOCK_MS : CLUSTER_BLOCK_MS;
    const settings = { loops, prefetch: this.#consume.prefetch, blockMs, retryDelayMs, logger };
    const loop: ReadLoop<RedisDelivery> = new ReadLoop(feed, reader, sink, credits, settings);
    return { feed, reader, loop };
  }

  #stop(): void {
    this.#stopping.abort();
    for (const { loop } of this.#readings) loop.stop();
  }

  /** Starts reading. Waits while Redis is unavailable. Rejects on errors that waiting cannot resolve. */
  async #begin(): Promise<void> {
    const begin = async (): Promise<void> => {
      try {
        await Promise.all(this.#readings.map(({ feed }) => feed.begin()));
      } catch (cause) {
        throw (this.#readings[0] as Reading).feed.failed(cause);
      }
    };
    const { retryDelayMs, logger } = this.#options;
    const { signal } = this.#stopping;
    await retryAndLog(begin, { initialDelayMs: retryDelayMs, signal, logger, event: 'queue_join_failed' });
  }
}
