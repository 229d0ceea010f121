import {
  type DeliverySink,
  type DeliverySource,
  type QueueError,
  type ResolvedConsumeOptions,
  SerializationError,
  UnsupportedError,
} from '@slack-mcp/core';
import { BlockingReader } from './blocking-reader.ts';
import { type Argument, RedisConnection } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import { isPassing, pause } from './publish-lane.ts';
import { type Feed, ReadLoop } from './read-loop.ts';
import { type RedisDelivery, toDelivery } from './redis-delivery.ts';
import { replyCode, toQueueError } from './redis-error.ts';
import { decodeEntryPayload, type StreamEntry } from './stream-entry.ts';
import { StreamNames } from './stream-names.ts';
import { parseEntries } from './stream-reply.ts';

/** A read waits so many milliseconds at Redis. */
const BLOCK_MS = 5_000;

/** An independent consumer: it reads on from where each stream ended when it came, and Redis knows nothing of it. */
export class IndependentSubscriber implements DeliverySource<RedisDelivery> {
  readonly #connection: RedisConnection;
  readonly #options: ResolvedOptions;
  readonly #keys: readonly string[];
  readonly #stopping = new AbortController();
  readonly #nacked = new Set<NodeJS.Timeout>();
  #feeds: readonly IndependentFeed[] = [];
  #readers: readonly BlockingReader[] = [];
  #loops: readonly ReadLoop[] = [];
  #running: Promise<unknown> = Promise.resolve();

  constructor(connection: RedisConnection, options: ResolvedOptions, { keys }: ResolvedConsumeOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#keys = keys;
  }

  async open(sink: DeliverySink<RedisDelivery>, signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    const { prefix, cluster, responseTimeoutMs, retryDelayMs, logger } = this.#options;
    const names = this.#keys.map((key) => new StreamNames(prefix, key));
    const cursors = await this.#ends(names);
    if (this.#stopping.signal.aborted) return;
    // In a cluster the streams may lie on different nodes.
    const parts = cluster === undefined ? [names] : names.map((one) => [one]);
    this.#feeds = parts.map((part) => new IndependentFeed(part, cursors, this.#connection, this.#options, sink));
    this.#readers = parts.map(() => {
      const connection = new RedisConnection(this.#options, 'reader', BLOCK_MS + responseTimeoutMs);
      return new BlockingReader(connection, this.#connection, cluster === undefined);
    });
    const free = (): number => Math.ceil(sink.free() / parts.length);
    const settings = { blockMs: cluster === undefined ? BLOCK_MS : 1_000, retryDelayMs, logger };
    this.#loops = this.#feeds.map(
      (feed, index) => new ReadLoop(feed, this.#readers[index] as BlockingReader, sink, free, settings),
    );
    this.#running = Promise.all(this.#loops.map((loop) => loop.run(this.#stopping.signal)));
  }

  async ack(): Promise<readonly RedisDelivery[]> {
    return [];
  }

  async nack(delivery: RedisDelivery, { delayMs }: { delayMs: number }): Promise<void> {
    const index = this.#feeds.findIndex((feed) => feed.streams.includes(delivery.stream));
    const again = (): void => {
      this.#feeds[index]?.again(delivery);
      this.#loops[index]?.wake();
    };
    if (delayMs === 0) {
      again();
      return;
    }
    const timer = setTimeout(
      () => {
        this.#nacked.delete(timer);
        again();
      },
      Math.min(Math.ceil(delayMs), 2 ** 31 - 1),
    );
    this.#nacked.add(timer);
  }

  async deadLetter(): Promise<void> {
    throw new UnsupportedError('an independent consumer has no dead letters: consume with a group to have them');
  }

  async release(): Promise<void> {}

  async close(): Promise<void> {
    this.#stop();
    for (const timer of this.#nacked) clearTimeout(timer);
    for (const reader of this.#readers) reader.close();
    await this.#running;
  }

  #stop(): void {
    this.#stopping.abort();
    for (const loop of this.#loops) loop.stop();
  }

  /** The last id of each stream: asked for once, so that nothing between two reads is missed. */
  async #ends(names: readonly StreamNames[]): Promise<Map<string, string>> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return new Map(await Promise.all(names.map(async ({ stream }) => [stream, await this.#end(stream)] as const)));
      } catch (cause) {
        const error = toQueueError(cause, `reading ${this.#keys.join(', ')}`, this.#options.endpoint);
        if (!isPassing(error)) throw error;
        if (!(await pause(attempt, this.#options.retryDelayMs, this.#stopping.signal))) throw error;
      }
    }
  }

  async #end(stream: string): Promise<string> {
    try {
      const row = (await this.#connection.call('XINFO', 'STREAM', stream)) as unknown[];
      return String(row[row.indexOf('last-generated-id') + 1]);
    } catch (error) {
      if (replyCode(error) === 'ERR' && /no such key/i.test((error as Error).message)) return '0-0';
      throw error;
    }
  }
}

class IndependentFeed implements Feed {
  readonly streams: readonly string[];
  readonly #keys: ReadonlyMap<string, string>;
  readonly #cursors: Map<string, string>;
  readonly #connection: RedisConnection;
  readonly #options: ResolvedOptions;
  readonly #sink: DeliverySink<RedisDelivery>;
  #due: RedisDelivery[] = [];

  constructor(
    names: readonly StreamNames[],
    cursors: Map<string, string>,
    connection: RedisConnection,
    options: ResolvedOptions,
    sink: DeliverySink<RedisDelivery>,
  ) {
    this.streams = names.map(({ stream }) => stream);
    this.#keys = new Map(names.map(({ stream, key }) => [stream, key]));
    this.#cursors = cursors;
    this.#connection = connection;
    this.#options = options;
    this.#sink = sink;
  }

  /** Delivers once more, when there is room. */
  again(delivery: RedisDelivery): void {
    this.#due.push(delivery);
  }

  isDue(): boolean {
    return this.#due.length > 0;
  }

  async prepare(free: number): Promise<void> {
    const due = this.#due.slice(0, free);
    this.#due = this.#due.slice(free);
    for (const { stream, entry, metadata } of due) {
      const payload = decodeEntryPayload(entry);
      if (payload !== undefined) this.#deliver(stream, entry, payload, metadata.retryCount + 1);
    }
  }

  command(streams: readonly string[], count: number, blockMs: number | undefined): Argument[] {
    const block = blockMs === undefined ? [] : ['BLOCK', blockMs];
    const ids = streams.map((stream) => this.#cursors.get(stream) as string);
    return ['XREAD', 'COUNT', count, ...block, 'STREAMS', ...streams, ...ids];
  }

  async receive(stream: string, entries: readonly StreamEntry[]): Promise<void> {
    for (const entry of entries) {
      try {
        const payload = decodeEntryPayload(entry);
        if (payload === undefined) await this.#deliverBytes(stream, entry.id);
        else this.#deliver(stream, entry, payload, 0);
      } catch (err) {
        if (!(err instanceof SerializationError)) throw err;
        this.#options.logger.warn({ key: this.#keys.get(stream), id: entry.id, err }, 'queue_message_undecodable');
      }
      this.#cursors.set(stream, entry.id);
    }
  }

  failed(error: unknown): QueueError {
    return toQueueError(error, `reading ${[...this.#keys.values()].join(', ')}`, this.#options.endpoint);
  }

  /** Reads an entry again as bytes, which tell whether its text is what was sent. */
  async #deliverBytes(stream: string, id: string): Promise<void> {
    const [entry] = parseEntries<Buffer>(await this.#connection.callBuffer('XRANGE', stream, id, id));
    const payload = entry && decodeEntryPayload(entry);
    if (entry !== undefined && payload !== undefined) this.#deliver(stream, entry, payload, 0);
  }

  #deliver(
    stream: string,
    entry: StreamEntry<string | Buffer>,
    payload: RedisDelivery['payload'],
    retryCount: number,
  ): void {
    const origin = { stream, key: this.#keys.get(stream) as string, group: undefined };
    this.#sink.deliver(toDelivery(origin, entry, payload, retryCount));
  }
}
