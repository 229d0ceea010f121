/** The size of an empty ring buffer. */
const MIN_SIZE = 64;

/** A first-in, first-out queue in a ring buffer. `push` and `shift` take constant time. */
export class Deque<T> {
  #items: (T | undefined)[] = new Array(MIN_SIZE);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#length === this.#items.length) this.#resize(this.#length * 2);
    this.#items[(this.#head + this.#length) & (this.#items.length - 1)] = item;
    this.#length += 1;
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#length -= 1;
    const size = this.#items.length;
    // Not earlier: a queue that often fills and empties would copy its items each time.
    if (size > MIN_SIZE && this.#length < size / 16) this.#resize(size / 4);
    return item;
  }

  /** The item at `index`, counted from the head. */
  at(index: number): T | undefined {
    return index < 0 || index >= this.#length
      ? undefined
      : this.#items[(this.#head + index) & (this.#items.length - 1)];
  }

  /** Removes and returns all items, in order. */
  drain(): T[] {
    const items = this.#inOrder();
    this.#items = new Array(MIN_SIZE);
    this.#head = 0;
    this.#length = 0;
    return items;
  }

  /** Removes the first occurrence of `item` in linear time. Returns whether the item was found. */
  remove(item: T): boolean {
    const items = this.#inOrder();
    const index = items.indexOf(item);
    if (index < 0) return false;
    items.splice(index, 1);
    this.drain();
    for (const kept of items) this.push(kept);
    return true;
  }

  #inOrder(): T[] {
    return Array.from({ length: this.#length }, (_, index) => this.at(index) as T);
  }

  // Sizes are powers of two, so that a bit mask replaces the modulo operation.
  #resize(size: number): void {
    const items = this.#inOrder() as (T | undefined)[];
    items.length = size;
    this.#items = items;
    this.#head = 0;
  }
}
