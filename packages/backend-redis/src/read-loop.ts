import type { Logger, QueueError } from '@slack-mcp/core';
import { type Credits, type Delivery, type DeliverySink, readUntilStopped } from '@slack-mcp/core/backend';
import type { BlockingReader } from './blocking-reader.ts';
import type { Argument } from './client.ts';
import type { StreamEntry } from './stream-entry.ts';
import { parseStreams } from './stream-reply.ts';

/** The source of messages for a read loop. Members of a group and independent consumers have different feeds. */
export interface Feed {
  readonly streams: readonly string[];
  /**
   * Streams that are usually empty. If there are fewer credits than streams, the loop reads these streams between two
   * blocking reads.
   */
  readonly rareStreams: readonly string[];
  /** Prepares for reading, and delivers messages that are already available, up to the number of credits. */
  prepare(): Promise<void>;
  /** Whether `prepare` has work to do now. */
  isDue(): boolean;
  /**
   * Returns the command that reads up to `count` messages of each stream. Without `blockMs`, the command does not
   * block.
   */
  command(streams: readonly string[], count: number, blockMs: number | undefined): Argument[];
  /** Delivers entries in order. */
  receive(stream: string, entries: readonly StreamEntry[]): Promise<void>;
  /** Called when a blocking read returned no messages. */
  idle?(): Promise<void>;
  /** Converts an error into a `QueueError`. The loop ends if the error is not retryable. */
  failed(error: unknown): QueueError;
}

/** The settings of a read loop. */
export interface ReadSettings {
  /**
   * Number of loops of the same subscription. Each loop uses only its share of the prefetch, so that all loops can wait
   * for messages at the same time.
   */
  readonly loops: number;
  readonly prefetch: number;
  readonly blockMs: number;
  readonly retryDelayMs: number;
  readonly logger: Logger;
}

/** Number of consecutive reads of full streams before the other streams are read. */
const TURNS = 8;
/** Maximum milliseconds of a blocking read while it reserves a credit that other loops could use. */
const CONTENDED_BLOCK_MS = 50;

/** Reads the streams of a feed while the subscription has credits, until the loop is stopped. */
export class ReadLoop<D extends Delivery> {
  readonly #feed: Feed;
  readonly #reader: BlockingReader;
  readonly #sink: DeliverySink<D>;
  readonly #credits: Credits<D>;
  readonly #settings: ReadSettings;
  readonly #blockMs: number;
  /** Streams that have more messages than the last read returned. */
  readonly #full = new Set<string>();
  #turn = 0;

  constructor(feed: Feed, reader: BlockingReader, sink: DeliverySink<D>, credits: Credits<D>, settings: ReadSettings) {
    const { loops, prefetch, blockMs } = settings;
    this.#feed = feed;
    this.#reader = reader;
    this.#sink = sink;
    this.#credits = credits;
    this.#settings = settings;
    this.#blockMs = loops > prefetch ? Math.min(CONTENDED_BLOCK_MS, blockMs) : blockMs;
  }

  /** Resolves when stopped. Never rejects. */
  run(signal: AbortSignal): Promise<void> {
    const { loops, retryDelayMs, logger } = this.#settings;
    const options = {
      sink: this.#sink,
      credits: this.#credits,
      readers: loops,
      retryDelayMs,
      logger,
      read: (stopped: () => boolean): Promise<void> => this.#step(stopped),
      failed: (cause: unknown): QueueError => this.#feed.failed(cause),
      onRetry: (): void => this.#full.clear(),
    };
    return readUntilStopped(options, signal);
  }

  /** Ends a blocking read early. */
  wake(): void {
    void this.#reader.wake();
  }

  /** Ends the current blocking read. Call `stop` after you abort the signal of `run`. */
  stop(): void {
    void this.#reader.stop();
  }

  async #step(stopped: () => boolean): Promise<void> {
    if (this.#credits.left > 0) await this.#feed.prepare();
    const room = this.#credits.left;
    if (stopped() || room === 0) return;
    const [full] = this.#full;
    this.#turn += 1;
    if (full !== undefined && this.#turn % TURNS !== 0) {
      this.#full.delete(full);
      await this.#read([full], room, undefined);
      return;
    }
    const { streams, rareStreams } = this.#feed;
    const all = [...streams, ...rareStreams];
    // With fewer credits than streams, one read of all streams could return too many messages.
    if (room < all.length) await this.#readInTurn(all);
    const { left } = this.#credits;
    if (stopped() || left === 0) return;
    const waited = left < all.length ? this.#inTurn(streams).slice(0, left) : all;
    const blockMs = waited.length < streams.length ? Math.min(CONTENDED_BLOCK_MS, this.#blockMs) : this.#blockMs;
    const unless = (): boolean => stopped() || this.#feed.isDue();
    await this.#read(waited, Math.floor(left / waited.length), this.#full.size > 0 ? undefined : blockMs, unless);
  }

  async #readInTurn(streams: readonly string[]): Promise<void> {
    const rest = this.#inTurn(streams);
    while (rest.length > 0 && this.#credits.left > 0) {
      const some = rest.splice(0, this.#credits.left);
      await this.#read(some, Math.floor(this.#credits.left / some.length), undefined);
    }
  }

  #inTurn(streams: readonly string[]): string[] {
    const first = this.#turn % streams.length;
    return [...streams.slice(first), ...streams.slice(0, first)];
  }

  async #read(
    streams: readonly string[],
    count: number,
    blockMs: number | undefined,
    unless: () => boolean = () => false,
  ): Promise<void> {
    const command = this.#feed.command(streams, count, blockMs);
    const reply = await (blockMs === undefined
      ? this.#reader.read(command)
      : this.#reader.readWaiting(command, unless));
    const read = parseStreams(reply);
    for (const [stream, entries] of read) {
      if (entries.length >= count) this.#full.add(stream);
      await this.#feed.receive(stream, entries);
    }
    if (read.length === 0 && blockMs !== undefined) await this.#feed.idle?.();
  }
}
