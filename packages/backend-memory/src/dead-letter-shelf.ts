import type { DeadLetter } from '@slack-mcp/core';
import type { StoredMessage } from './stored-message.ts';

/** A parked message. */
export interface ParkedMessage {
  /** The sequence number of the dead letter. Increases in the order of parking, across all keys. */
  readonly number: number;
  readonly stored: StoredMessage;
  readonly retryCount: number;
  readonly deadLetteredAt: number;
  readonly reason: DeadLetter['reason'];
}

/** The dead letters of one group and key, in the order of parking. */
export class DeadLetterShelf {
  #items: (ParkedMessage | undefined)[] = [];
  /** The sequence numbers of all items. Includes removed items, because the binary search needs their numbers. */
  #numbers: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  put(item: ParkedMessage): void {
    this.#items.push(item);
    this.#numbers.push(item.number);
    this.#size += 1;
  }

  /** The sequence number of the newest item. */
  get newest(): number | undefined {
    return this.#items.findLast((item) => item !== undefined)?.number;
  }

  /** Returns up to `limit` items, beginning with sequence number `from`. */
  list(from: number, limit: number): ParkedMessage[] {
    const found: ParkedMessage[] = [];
    for (let index = this.#search(from); index < this.#items.length && found.length < limit; index += 1) {
      const item = this.#items[index];
      if (item !== undefined) found.push(item);
    }
    return found;
  }

  /** Removes and returns the item with this sequence number. */
  take(number: number): ParkedMessage | undefined {
    const index = this.#search(number);
    const item = this.#numbers[index] === number ? this.#items[index] : undefined;
    if (item === undefined) return undefined;
    this.#items[index] = undefined;
    this.#size -= 1;
    if (this.#size < this.#items.length / 2) this.#compact();
    return item;
  }

  #compact(): void {
    this.#items = this.#items.filter((item) => item !== undefined);
    this.#numbers = this.#items.map((item) => (item as ParkedMessage).number);
  }

  /** Returns the index of the first item whose sequence number is at least `number`. */
  #search(number: number): number {
    let low = 0;
    let high = this.#numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers[middle] as number) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
