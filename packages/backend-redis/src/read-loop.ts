import type { DeliverySink, Logger, QueueError } from '@slack-mcp/core';
import type { BlockingReader } from './blocking-reader.ts';
import type { Argument } from './client.ts';
import { pause } from './publish-lane.ts';
import type { StreamEntry } from './stream-entry.ts';
import { parseStreams } from './stream-reply.ts';

/** What a loop reads: the part that differs between members of a group and independent consumers. */
export interface Feed {
  readonly streams: readonly string[];
  /** Makes sure that reading can begin, and hands over at most `free` messages that need no reading. */
  prepare(free: number): Promise<void>;
  /** Whether `prepare` has something to do now. */
  isDue(): boolean;
  /** The command that reads at most `count` messages of each stream; without `blockMs` it does not wait. */
  command(streams: readonly string[], count: number, blockMs: number | undefined): Argument[];
  /** Hands entries over, in order. */
  receive(stream: string, entries: readonly StreamEntry[]): Promise<void>;
  /** Explains a failure; the loop ends with one that waiting cannot cure. */
  failed(error: unknown): QueueError;
}

/** How often a full stream is read before the others get their turn. */
const TURNS = 8;

/** Reads the streams of a feed whenever there is room, until it is stopped. */
export class ReadLoop {
  readonly #feed: Feed;
  readonly #reader: BlockingReader;
  readonly #sink: Pick<DeliverySink, 'slot' | 'fail'>;
  readonly #free: () => number;
  readonly #blockMs: number;
  readonly #retryDelayMs: number;
  readonly #logger: Logger;
  /** Streams that had more than was asked for. */
  readonly #full = new Set<string>();
  #turn = 0;

  constructor(
    feed: Feed,
    reader: BlockingReader,
    sink: Pick<DeliverySink, 'slot' | 'fail'>,
    free: () => number,
    { blockMs, retryDelayMs, logger }: { blockMs: number; retryDelayMs: number; logger: Logger },
  ) {
    this.#feed = feed;
    this.#reader = reader;
    this.#sink = sink;
    this.#free = free;
    this.#blockMs = blockMs;
    this.#retryDelayMs = retryDelayMs;
    this.#logger = logger;
  }

  /** Resolves once stopped. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = (): boolean => signal.aborted;
    for (let failures = 0; !stopped(); ) {
      await this.#sink.slot();
      if (stopped()) return;
      try {
        await this.#step(stopped);
        failures = 0;
      } catch (cause) {
        if (stopped()) return;
        const error = this.#feed.failed(cause);
        if (!error.retryable) {
          this.#sink.fail(error);
          return;
        }
        this.#full.clear();
        if (failures === 0) this.#logger.warn({ err: error }, 'queue_read_failed');
        if (!(await pause(failures, this.#retryDelayMs, signal))) return;
        failures += 1;
      }
    }
  }

  /** Ends a wait at Redis early. */
  wake(): void {
    void this.#reader.wake();
  }

  /** Ends the last wait, once the signal of `run` is aborted. */
  stop(): void {
    void this.#reader.stop();
  }

  async #step(stopped: () => boolean): Promise<void> {
    if (this.#free() > 0) await this.#feed.prepare(this.#free());
    const free = this.#free();
    if (stopped() || free <= 0) return;
    const [full] = this.#full;
    this.#turn += 1;
    if (full !== undefined && this.#turn % TURNS !== 0) {
      this.#full.delete(full);
      await this.#read([full], free, undefined);
      return;
    }
    const { streams } = this.#feed;
    if (free < streams.length) await this.#readEach(streams);
    const count = Math.max(1, Math.floor(this.#free() / streams.length));
    if (stopped() || this.#free() <= 0) return;
    const unless = (): boolean => stopped() || this.#feed.isDue();
    await this.#read(streams, count, this.#full.size > 0 ? undefined : this.#blockMs, unless);
  }

  /** With less room than streams, all together could give more than there is room for. */
  async #readEach(streams: readonly string[]): Promise<void> {
    const first = this.#turn % streams.length;
    for (const stream of [...streams.slice(first), ...streams.slice(0, first)]) {
      if (this.#free() <= 0) return;
      await this.#read([stream], this.#free(), undefined);
    }
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
    for (const [stream, entries] of parseStreams(reply)) {
      if (entries.length >= count) this.#full.add(stream);
      await this.#feed.receive(stream, entries);
    }
  }
}
