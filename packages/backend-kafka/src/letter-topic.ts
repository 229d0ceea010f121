import type { KafkaConnection } from './client.ts';
import type { IncomingRecord } from './driver/index.ts';
import { LetterIndex, type LetterPlace } from './letter-index.ts';
import { type TopicRange, TopicReader } from './topic-reader.ts';

const EMPTY: TopicRange = { start: 0, end: 0 };

/** A dead letter with its record. */
export interface LetterRecord {
  readonly place: LetterPlace;
  readonly record: IncomingRecord;
}

/**
 * The topic with the dead letters of one key and group. Knows the places of all dead letters and holds the content of
 * one portion, so that paging through the topic reads every record only twice, however many pages there are.
 */
export class LetterTopic {
  readonly #topic: string;
  readonly #reader: TopicReader;
  #index = new LetterIndex();
  /** The offset up to which the index was read. */
  #next = 0;
  #range: TopicRange = EMPTY;
  #portion: ReadonlyMap<number, IncomingRecord> = new Map();
  #updating: Promise<void> = Promise.resolve();

  constructor(connection: KafkaConnection, topic: string) {
    this.#topic = topic;
    this.#reader = new TopicReader(connection);
  }

  get index(): LetterIndex {
    return this.#index;
  }

  /** Reads what was written to the topic since the last update. */
  update(): Promise<void> {
    const updated = this.#updating.then(() => this.#update());
    this.#updating = updated.catch(() => {});
    return updated;
  }

  /** Reads the records of dead letters. Omits dead letters whose record is gone. */
  async read(places: readonly LetterPlace[]): Promise<LetterRecord[]> {
    const found = new Map<number, IncomingRecord>();
    const take = (portion: ReadonlyMap<number, IncomingRecord>, offset: number): void => {
      const record = portion.get(offset);
      if (record !== undefined) found.set(offset, record);
    };
    for (const { offset } of places) take(this.#portion, offset);
    const missing = places.map(({ offset }) => offset).filter((offset) => !found.has(offset));
    missing.sort((a, b) => a - b);
    for (let index = 0; index < missing.length; ) {
      const start = missing[index] as number;
      const next = await this.#readPortion(start);
      for (; index < missing.length && (missing[index] as number) < next; index += 1) {
        take(this.#portion, missing[index] as number);
      }
    }
    const records: LetterRecord[] = [];
    for (const place of places) {
      const record = found.get(place.offset);
      if (record === undefined) this.#index.remove(place);
      else records.push({ place, record });
    }
    return records;
  }

  /** Reads the portion that begins at an offset. Returns the offset after the portion. */
  async #readPortion(start: number): Promise<number> {
    let after = start + 1;
    await this.#reader.read(this.#topic, { start, end: this.#range.end }, (records, next) => {
      this.#portion = new Map(records.map((record) => [record.offset, record]));
      after = Math.max(after, next);
      return false;
    });
    return after;
  }

  async #update(): Promise<void> {
    const range = (await this.#reader.range(this.#topic)) ?? EMPTY;
    // The topic was deleted, and may exist again.
    if (range.end < this.#next) {
      this.#index = new LetterIndex();
      this.#portion = new Map();
      this.#next = 0;
    }
    this.#range = range;
    const start = Math.max(this.#next, range.start);
    await this.#reader.read(this.#topic, { start, end: range.end }, (records, next) => {
      this.#index.apply(records);
      this.#next = next;
      return true;
    });
  }
}
