import type { QueueError, QueueKey } from '@slack-mcp/core';
import type { Parked, ParkedContent, ParkedStore } from '@slack-mcp/core/backend';
import type { RedisConnection } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import { readParked } from './parked-entry.ts';
import { toQueueError } from './redis-error.ts';
import { redriveScript } from './scripts/dead-letters.ts';
import { dataOf, decodeEntryMetadata, type StreamEntry } from './stream-entry.ts';
import { StreamNames } from './stream-names.ts';
import { compareIds, isEntryId, parseEntries } from './stream-reply.ts';

/** An entry in a stream of dead letters. */
export interface ParkedEntry extends Parked {
  readonly entry: StreamEntry<Buffer>;
}

/** The dead letters of a group. Each key has one stream, which stores the entries unchanged. */
export class RedisParkedStore implements ParkedStore<ParkedEntry> {
  readonly #connection: RedisConnection;
  readonly #options: ResolvedOptions;
  readonly #group: string;

  constructor(connection: RedisConnection, options: ResolvedOptions, group: string) {
    this.#connection = connection;
    this.#options = options;
    this.#group = group;
  }

  isPosition(text: string): boolean {
    return isEntryId(text);
  }

  comparePositions(a: string, b: string): number {
    return compareIds(a, b);
  }

  async read(key: QueueKey, from: string | undefined, limit: number): Promise<ParkedEntry[]> {
    const reply = await this.#connection.callBuffer('XRANGE', this.#dead(key), from ?? '-', '+', 'COUNT', limit);
    return parseEntries<Buffer>(reply).map((entry) => ({ position: entry.id, entry }));
  }

  async newest(key: QueueKey): Promise<string | undefined> {
    const reply = await this.#connection.call('XREVRANGE', this.#dead(key), '+', '-', 'COUNT', 1);
    return parseEntries(reply)[0]?.id;
  }

  describe({ entry }: ParkedEntry): ParkedContent {
    const { record, fields } = readParked(entry);
    const { id, retryCount, at, reason } = record;
    const metadata = decodeEntryMetadata({ id, fields });
    return { ...metadata, body: dataOf(fields), deadLetteredAt: at, retryCount, reason };
  }

  async redrive(key: QueueKey, positions: readonly string[]): Promise<number> {
    const names = this.#names(key);
    const keys = [names.dead(this.#group), names.redrive(this.#group)];
    return (await redriveScript.run(this.#connection, keys, [this.#group, ...positions])) as number;
  }

  async purge(key: QueueKey, positions: readonly string[]): Promise<number> {
    return (await this.#connection.call('XDEL', this.#dead(key), ...positions)) as number;
  }

  failed(cause: unknown, doing: string): QueueError {
    return toQueueError(cause, doing, this.#options.endpoint);
  }

  #dead(key: QueueKey): string {
    return this.#names(key).dead(this.#group);
  }

  #names(key: QueueKey): StreamNames {
    return new StreamNames(this.#options.prefix, key);
  }
}
