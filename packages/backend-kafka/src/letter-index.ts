import type { IncomingRecord } from './driver/index.ts';

/** The place of a dead letter in its topic. */
export interface LetterPlace {
  /** When the dead letter was parked, in milliseconds since the epoch. */
  readonly at: number;
  readonly offset: number;
}

interface Entry extends LetterPlace {
  isGone: boolean;
}

/** Compares places by the order of the dead letters. */
export function comparePlaces(a: LetterPlace, b: LetterPlace): number {
  return a.at - b.at || a.offset - b.offset;
}

/**
 * The places of the dead letters in a topic, without their content. A record without a value deletes the dead letter
 * with the same key.
 */
export class LetterIndex {
  readonly #byName = new Map<string, Entry>();
  #entries: Entry[] = [];
  #isSorted = true;
  #gone = 0;

  /** Applies the next records of the topic. */
  apply(records: readonly IncomingRecord[]): void {
    for (const { keyText, value, timestamp, offset } of records) {
      const name = keyText ?? '';
      const known = this.#byName.get(name);
      if (value === null) {
        this.#byName.delete(name);
        if (known !== undefined) this.#drop(known);
      } else if (known === undefined || known.isGone) {
        const entry = { at: Number(timestamp), offset, isGone: false };
        const last = this.#entries.at(-1);
        this.#isSorted &&= last === undefined || comparePlaces(last, entry) < 0;
        this.#byName.set(name, entry);
        this.#entries.push(entry);
      }
    }
  }

  get newest(): LetterPlace | undefined {
    return this.#sorted().findLast(({ isGone }) => !isGone);
  }

  /** Returns the first `limit` places, beginning with `from`. */
  list(from: LetterPlace | undefined, limit: number): LetterPlace[] {
    const entries = this.#sorted();
    const places: LetterPlace[] = [];
    for (let index = from === undefined ? 0 : this.#search(from); index < entries.length; index += 1) {
      if (places.length === limit) break;
      const entry = entries[index] as Entry;
      if (!entry.isGone) places.push(entry);
    }
    return places;
  }

  has(place: LetterPlace): boolean {
    const entry = this.#sorted()[this.#search(place)];
    return entry !== undefined && !entry.isGone && comparePlaces(entry, place) === 0;
  }

  /** Removes a dead letter whose record is no longer in the topic. */
  remove(place: LetterPlace): void {
    const entry = this.#sorted()[this.#search(place)];
    if (entry !== undefined && comparePlaces(entry, place) === 0) this.#drop(entry);
  }

  #drop(entry: Entry): void {
    if (entry.isGone) return;
    entry.isGone = true;
    this.#gone += 1;
    if (this.#gone <= this.#entries.length / 2) return;
    this.#entries = this.#entries.filter(({ isGone }) => !isGone);
    this.#gone = 0;
  }

  #sorted(): readonly Entry[] {
    if (!this.#isSorted) this.#entries.sort(comparePlaces);
    this.#isSorted = true;
    return this.#entries;
  }

  /** Returns the number of the first entry that is not before a place. */
  #search(place: LetterPlace): number {
    const entries = this.#sorted();
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comparePlaces(entries[middle] as Entry, place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
