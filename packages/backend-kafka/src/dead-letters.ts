import { ConfigurationError, type DeadLetter, type DeadLetters, type QueueKey } from '@slack-mcp/core';
import type { KafkaConnection } from './client.ts';
import { COMPACTED } from './dead-letter-writer.ts';
import type { IncomingRecord } from './driver/index.ts';
import { toQueueError } from './kafka-error.ts';
import type { ResolvedOptions } from './options.ts';
import { encodeRedriven, readParked } from './parked-record.ts';
import { RecordWriter } from './record-writer.ts';
import { TopicNames } from './topic-names.ts';
import { readTopic } from './topic-reader.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
/** Messages that are moved with one request. */
const CHUNK = 100;

interface Parked {
  readonly names: TopicNames;
  readonly record: IncomingRecord;
}

/** The dead letters of a group for some keys. Each key has a topic of them. */
export class KafkaDeadLetters implements DeadLetters {
  readonly #connect: () => KafkaConnection;
  readonly #options: ResolvedOptions;
  readonly #group: string;
  readonly #names: readonly TopicNames[];

  constructor(connect: () => KafkaConnection, options: ResolvedOptions, group: string, keys: readonly QueueKey[]) {
    this.#connect = connect;
    this.#options = options;
    this.#group = group;
    this.#names = [...new Set(keys)].sort().map((key) => new TopicNames(options.prefix, key));
  }

  async list(options: { limit?: number; cursor?: string } = {}): Promise<{ items: DeadLetter[]; cursor?: string }> {
    const { limit = DEFAULT_LIMIT, cursor } = options;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw new ConfigurationError(`limit must be an integer from 1 to ${MAX_LIMIT} (for example { limit: 100 })`);
    }
    const after = cursor === undefined ? undefined : parseId(cursor);
    if (cursor !== undefined && after === undefined) {
      throw new ConfigurationError('cursor must be a cursor that list() returned');
    }
    const all = await this.#all('listing the dead letters');
    const positions = all.map((parked) => ({ parked, position: positionOf(parked) }));
    const found = positions
      .filter(({ position }) => after === undefined || compare(position, after) > 0)
      .sort((a, b) => compare(a.position, b.position));
    const items = found.slice(0, limit).map(({ parked }) => this.#describe(parked));
    const last = items.at(-1);
    return found.length > limit && last !== undefined ? { items, cursor: last.id } : { items };
  }

  redrive(ids: readonly string[] | 'all'): Promise<number> {
    return this.#each('redriving', ids, async (writer, names, records) => {
      await writer.write({ topic: names.again(this.#group) }, records.map(encodeRedriven));
      await this.#remove(writer, names, records);
    });
  }

  purge(ids: readonly string[] | 'all'): Promise<number> {
    return this.#each('purging', ids, (writer, names, records) => this.#remove(writer, names, records));
  }

  async #each(
    doing: string,
    ids: readonly string[] | 'all',
    step: (writer: RecordWriter, names: TopicNames, records: readonly IncomingRecord[]) => Promise<void>,
  ): Promise<number> {
    if (ids !== 'all' && !Array.isArray(ids)) {
      throw new ConfigurationError(`ids must be 'all' or an array of ids that list() returned`);
    }
    const connection = this.#connect();
    const writer = new RecordWriter(connection, this.#options);
    const wanted = ids === 'all' ? undefined : new Set(ids);
    const all = await this.#all(doing);
    let count = 0;
    for (const names of this.#names) {
      const records = all
        .filter((parked) => parked.names === names && (wanted === undefined || wanted.has(idOf(parked))))
        .map(({ record }) => record);
      for (let start = 0; start < records.length; start += CHUNK) {
        const chunk = records.slice(start, start + CHUNK);
        await this.#named(doing, names, () => step(writer, names, chunk));
        count += chunk.length;
      }
    }
    return count;
  }

  /** A record without a value deletes the dead letter with its key. */
  #remove(writer: RecordWriter, names: TopicNames, records: readonly IncomingRecord[]): Promise<void> {
    const timestamp = String(Date.now());
    const deletions = records.map(({ key }) => ({ key, value: null, timestamp, headers: {} }));
    return writer.write({ topic: names.dead(this.#group), config: COMPACTED }, deletions);
  }

  /** The dead letters of all keys. */
  async #all(doing: string): Promise<Parked[]> {
    const connection = this.#connect();
    const found: Parked[] = [];
    for (const names of this.#names) {
      const records = await this.#named(doing, names, () => readTopic(connection, names.dead(this.#group)));
      const parked = new Map<string, IncomingRecord>();
      for (const record of records) {
        const key = record.key?.toString() ?? '';
        if (record.value === null) parked.delete(key);
        else if (!parked.has(key)) parked.set(key, record);
      }
      found.push(...[...parked.values()].map((record) => ({ names, record })));
    }
    return found;
  }

  async #named<T>(doing: string, { key }: TopicNames, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw toQueueError(error, `${doing} of ${this.#group} under ${key}`, this.#options.endpoint);
    }
  }

  #describe(parked: Parked): DeadLetter {
    return { id: idOf(parked), key: parked.names.key, group: this.#group, ...readParked(parked.record) };
  }
}

/** The place of a dead letter among those of all keys. */
interface Position {
  readonly at: number;
  readonly offset: number;
  readonly key: QueueKey;
}

function positionOf({ names, record }: Parked): Position {
  return { at: Number(record.timestamp), offset: Number(record.offset), key: names.key };
}

function compare(a: Position, b: Position): number {
  return a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : a.offset - b.offset);
}

function idOf(parked: Parked): string {
  const { at, offset, key } = positionOf(parked);
  return `${at}-${offset}:${key}`;
}

function parseId(text: string): Position | undefined {
  const match = /^(\d{1,16})-(\d{1,16}):(.+)$/.exec(text);
  return match === null ? undefined : { at: Number(match[1]), offset: Number(match[2]), key: String(match[3]) };
}
