import { PublishError, type QueueError, type QueueKey } from '@slack-mcp/core';
import { type Parked, type ParkedContent, type ParkedStore, retryUntil } from '@slack-mcp/core/backend';
import type { KafkaConnection } from './client.ts';
import { COMPACTED } from './dead-letter-writer.ts';
import { BrokerError, type IncomingRecord, type OutgoingRecord, STALE_METADATA } from './driver/index.ts';
import { toQueueError } from './kafka-error.ts';
import type { ResolvedOptions } from './options.ts';
import { describeParked, encodeRedriven } from './parked-record.ts';
import { RecordWriter } from './record-writer.ts';
import type { TopicPlan } from './topic-catalog.ts';
import { TopicNames } from './topic-names.ts';
import { readTopic } from './topic-reader.ts';

interface ParkedRecord extends Parked {
  readonly record: IncomingRecord;
}

/**
 * The dead letters of a group, for the duration of one call. Each key has one topic for dead letters, which the call
 * reads once. A record without a value deletes the dead letter with its key.
 */
export class KafkaParkedStore implements ParkedStore<ParkedRecord> {
  readonly #connection: KafkaConnection;
  readonly #options: ResolvedOptions;
  readonly #group: string;
  readonly #writer: RecordWriter;
  readonly #letters = new Map<QueueKey, ParkedRecord[]>();

  constructor(connection: KafkaConnection, options: ResolvedOptions, group: string) {
    this.#connection = connection;
    this.#options = options;
    this.#group = group;
    this.#writer = new RecordWriter(connection, options);
  }

  isPosition(text: string): boolean {
    return POSITION.test(text);
  }

  comparePositions(a: string, b: string): number {
    const [first, second] = [partsOf(a), partsOf(b)];
    return first.at - second.at || first.offset - second.offset;
  }

  async read(key: QueueKey, from: string | undefined, limit: number): Promise<readonly ParkedRecord[]> {
    const letters = await this.#load(key);
    const start = letters.findIndex(({ position }) => from === undefined || this.comparePositions(position, from) >= 0);
    return start < 0 ? [] : letters.slice(start, start + limit);
  }

  async newest(key: QueueKey): Promise<string | undefined> {
    return (await this.#load(key)).at(-1)?.position;
  }

  describe({ record }: ParkedRecord): ParkedContent {
    return describeParked(record);
  }

  async redrive(key: QueueKey, positions: readonly string[]): Promise<number> {
    const chosen = await this.#choose(key, positions);
    if (chosen.length === 0) return 0;
    const records = chosen.map(({ record }) => encodeRedriven(record));
    await this.#write({ topic: this.#names(key).again(this.#group) }, records);
    return this.#remove(key, chosen);
  }

  async purge(key: QueueKey, positions: readonly string[]): Promise<number> {
    return this.#remove(key, await this.#choose(key, positions));
  }

  failed(cause: unknown, doing: string): QueueError {
    return toQueueError(cause, doing, this.#options.endpoint);
  }

  async #choose(key: QueueKey, positions: readonly string[]): Promise<ParkedRecord[]> {
    const wanted = new Set(positions);
    return (await this.#load(key)).filter(({ position }) => wanted.has(position));
  }

  async #remove(key: QueueKey, chosen: readonly ParkedRecord[]): Promise<number> {
    if (chosen.length === 0) return 0;
    const timestamp = Date.now();
    const deletions = chosen.map(({ record }) => ({ key: record.key, value: null, timestamp, headers: {} }));
    await this.#write({ topic: this.#names(key).dead(this.#group), config: COMPACTED }, deletions);
    this.#letters.set(
      key,
      (await this.#load(key)).filter((letter) => !chosen.includes(letter)),
    );
    return chosen.length;
  }

  /** Stores records. Retries after temporary errors, for example while a new topic has no leader. */
  #write(plan: TopicPlan, records: readonly OutgoingRecord[]): Promise<void> {
    return retryUntil(() => this.#writer.write(plan, records), {
      initialDelayMs: 20,
      timeoutMs: this.#options.timeoutMs,
      isRetryable: (error) => error instanceof PublishError && error.retryable,
    });
  }

  /** Reads a topic. Retries while the leader of the topic changes, for example because the topic is new. */
  #read(topic: string): Promise<IncomingRecord[]> {
    return retryUntil(() => readTopic(this.#connection, topic), {
      initialDelayMs: 20,
      timeoutMs: this.#options.timeoutMs,
      isRetryable: (error) => error instanceof BrokerError && STALE_METADATA.has(error.type),
    });
  }

  async #load(key: QueueKey): Promise<ParkedRecord[]> {
    const known = this.#letters.get(key);
    if (known !== undefined) return known;
    const live = new Map<string, IncomingRecord>();
    for (const record of await this.#read(this.#names(key).dead(this.#group))) {
      const name = record.keyText ?? '';
      if (record.value === null) live.delete(name);
      else if (!live.has(name)) live.set(name, record);
    }
    const letters = [...live.values()]
      .map((record) => ({ position: `${record.timestamp}-${record.offset}`, record }))
      .sort((a, b) => this.comparePositions(a.position, b.position));
    this.#letters.set(key, letters);
    return letters;
  }

  #names(key: QueueKey): TopicNames {
    return new TopicNames(this.#options.prefix, key);
  }
}

/** Matches the position of a dead letter: the time of parking in milliseconds since the epoch, and the offset. */
const POSITION = /^(\d{1,16})-(\d{1,16})$/;

function partsOf(position: string): { at: number; offset: number } {
  const [, at, offset] = POSITION.exec(position) ?? [];
  return { at: Number(at), offset: Number(offset) };
}
