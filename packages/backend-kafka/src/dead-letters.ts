import { PublishError, type QueueError, type QueueKey } from '@slack-mcp/core';
import { type Parked, type ParkedContent, type ParkedStore, retryUntil } from '@slack-mcp/core/backend';
import type { KafkaConnection } from './client.ts';
import { COMPACTED } from './dead-letter-writer.ts';
import { BrokerError, type IncomingRecord, type OutgoingRecord, STALE_METADATA } from './driver/index.ts';
import { toQueueError } from './kafka-error.ts';
import { comparePlaces, type LetterPlace } from './letter-index.ts';
import { type LetterRecord, LetterTopic } from './letter-topic.ts';
import type { ResolvedOptions } from './options.ts';
import { describeParked, encodeRedriven } from './parked-record.ts';
import { RecordWriter } from './record-writer.ts';
import type { TopicPlan } from './topic-catalog.ts';
import { TopicNames } from './topic-names.ts';

interface ParkedRecord extends Parked {
  readonly record: IncomingRecord;
}

/**
 * The dead letters of a group. Each key has one topic for dead letters. The first call reads the whole topic, and later
 * calls read only what was written since.
 */
export class KafkaParkedStore implements ParkedStore<ParkedRecord> {
  readonly #connection: KafkaConnection;
  readonly #options: ResolvedOptions;
  readonly #group: string;
  readonly #writer: RecordWriter;
  readonly #topics = new Map<QueueKey, LetterTopic>();

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
    return comparePlaces(placeOf(a), placeOf(b));
  }

  async read(key: QueueKey, from: string | undefined, limit: number): Promise<readonly ParkedRecord[]> {
    return this.#reading(key, async (topic) => {
      const read: LetterRecord[] = [];
      for (let start = from === undefined ? undefined : placeOf(from); ; ) {
        const places = topic.index.list(start, limit - read.length);
        const found = await topic.read(places);
        read.push(...found);
        const last = places.at(-1);
        // Fewer were found if Kafka has removed deleted ones.
        if (last === undefined || read.length === limit || found.length === places.length) break;
        start = { at: last.at, offset: last.offset + 1 };
      }
      return read.map(({ place, record }) => ({ position: positionOf(place), record }));
    });
  }

  async newest(key: QueueKey): Promise<string | undefined> {
    return this.#reading(key, async ({ index }) => index.newest && positionOf(index.newest));
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

  #choose(key: QueueKey, positions: readonly string[]): Promise<LetterRecord[]> {
    return this.#reading(key, (topic) =>
      topic.read(
        positions
          .map(placeOf)
          .filter((place) => topic.index.has(place))
          .sort(comparePlaces),
      ),
    );
  }

  async #remove(key: QueueKey, chosen: readonly LetterRecord[]): Promise<number> {
    if (chosen.length === 0) return 0;
    const timestamp = Date.now();
    const deletions = chosen.map(({ record }) => ({ key: record.key, value: null, timestamp, headers: {} }));
    await this.#write({ topic: this.#names(key).dead(this.#group), config: COMPACTED }, deletions);
    for (const { place } of chosen) this.#topic(key).index.remove(place);
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

  /**
   * Updates what is known about a topic, then reads from it. Retries while its leader changes, for example because the
   * topic is new.
   */
  #reading<T>(key: QueueKey, read: (topic: LetterTopic) => Promise<T>): Promise<T> {
    const topic = this.#topic(key);
    const attempt = async (): Promise<T> => {
      await topic.update();
      return read(topic);
    };
    return retryUntil(attempt, {
      initialDelayMs: 20,
      timeoutMs: this.#options.timeoutMs,
      isRetryable: (error) => error instanceof BrokerError && STALE_METADATA.has(error.type),
    });
  }

  #topic(key: QueueKey): LetterTopic {
    const known = this.#topics.get(key);
    if (known !== undefined) return known;
    const topic = new LetterTopic(this.#connection, this.#names(key).dead(this.#group));
    this.#topics.set(key, topic);
    return topic;
  }

  #names(key: QueueKey): TopicNames {
    return new TopicNames(this.#options.prefix, key);
  }
}

/** Matches the position of a dead letter: the time of parking in milliseconds since the epoch, and the offset. */
const POSITION = /^(\d{1,16})-(\d{1,16})$/;

function positionOf({ at, offset }: LetterPlace): string {
  return `${at}-${offset}`;
}

function placeOf(position: string): LetterPlace {
  const [, at, offset] = POSITION.exec(position) ?? [];
  return { at: Number(at), offset: Number(offset) };
}
