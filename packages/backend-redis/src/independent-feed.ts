import { type QueueError, type QueuePayload, SerializationError } from '@slack-mcp/core';
import { type Credits, LocalRedelivery } from '@slack-mcp/core/backend';
import type { Argument, RedisConnection } from './client.ts';
import type { Counts } from './delivery-count.ts';
import type { ResolvedOptions } from './options.ts';
import type { Feed } from './read-loop.ts';
import { type RedisDelivery, toDelivery } from './redis-delivery.ts';
import { replyCode, toQueueError } from './redis-error.ts';
import { decodeEntryPayload, type StreamEntry } from './stream-entry.ts';
import type { StreamNames } from './stream-names.ts';
import { compareIds, parseEntries } from './stream-reply.ts';

const FIRST: Counts = { failures: 0, losses: 0 };

/**
 * Reads the messages of an independent consumer: messages published after the start, and messages that the consumer
 * nacked.
 */
export class IndependentFeed implements Feed {
  readonly streams: readonly string[];
  readonly rareStreams: readonly string[] = [];
  readonly #keys: ReadonlyMap<string, string>;
  /** The last id that was read from each stream. */
  readonly #cursors = new Map<string, string>();
  readonly #connection: RedisConnection;
  readonly #options: ResolvedOptions;
  readonly #credits: Credits<RedisDelivery>;
  readonly #nacked: LocalRedelivery<RedisDelivery>;
  /** The epoch of the connection at the last check of the cursors. */
  #epoch: number;

  constructor(
    names: readonly StreamNames[],
    connection: RedisConnection,
    options: ResolvedOptions,
    credits: Credits<RedisDelivery>,
    onDue: () => void,
  ) {
    this.streams = names.map(({ stream }) => stream);
    this.#keys = new Map(names.map(({ stream, key }) => [stream, key]));
    this.#connection = connection;
    this.#options = options;
    this.#credits = credits;
    this.#nacked = new LocalRedelivery(payloadOf, onDue);
    this.#epoch = connection.epoch;
  }

  /** Starts at the end of each stream. Sets each position only once, so that no message between two reads is missed. */
  async begin(): Promise<void> {
    for (const [stream, end] of await this.#ends()) this.#cursors.set(stream, end);
  }

  /** Delivers a message again after at least `delayMs` milliseconds. */
  again(delivery: RedisDelivery, delayMs: number): void {
    this.#nacked.nack(delivery, delayMs);
  }

  isDue(): boolean {
    return this.#nacked.hasDue;
  }

  async prepare(): Promise<void> {
    if (this.#epoch !== this.#connection.epoch) await this.idle();
    this.#nacked.deliverDue(this.#credits);
  }

  /**
   * Starts again from the beginning of a stream that was deleted and created again: its ids may be lower than the last
   * id that was read.
   */
  async idle(): Promise<void> {
    const { epoch } = this.#connection;
    for (const [stream, end] of await this.#ends()) {
      if (compareIds(end, this.#cursors.get(stream) as string) >= 0) continue;
      this.#options.logger.warn({ key: this.#keys.get(stream) }, 'queue_position_reset');
      this.#cursors.set(stream, '0-0');
    }
    this.#epoch = epoch;
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
        else this.#deliver(stream, entry, payload);
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

  close(): void {
    this.#nacked.clear();
  }

  /** Reads the last id of each stream. */
  #ends(): Promise<[stream: string, id: string][]> {
    return Promise.all(this.streams.map(async (stream) => [stream, await this.#end(stream)] as [string, string]));
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

  /** Reads an entry again as bytes to check whether its text is valid UTF-8, and delivers it. */
  async #deliverBytes(stream: string, id: string): Promise<void> {
    const [entry] = parseEntries<Buffer>(await this.#connection.callBuffer('XRANGE', stream, id, id));
    const payload = entry && decodeEntryPayload(entry);
    if (entry !== undefined && payload !== undefined) this.#deliver(stream, entry, payload);
  }

  #deliver(stream: string, entry: StreamEntry<string | Buffer>, payload: QueuePayload): void {
    const origin = { stream, key: this.#keys.get(stream) as string, group: undefined };
    this.#credits.deliver(toDelivery(origin, entry, payload, FIRST));
  }
}

/** Decodes an entry that has already been delivered. If decoding needs bytes, the entry already contains them. */
function payloadOf({ entry }: RedisDelivery): QueuePayload {
  return decodeEntryPayload(entry) as QueuePayload;
}
