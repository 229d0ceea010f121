/** Keeps a limited number of the smallest items, in ascending order. */
export class Smallest<T> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  readonly #items: T[] = [];

  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  /** Whether `add` would keep the item. */
  takes(item: T): boolean {
    const last = this.#items.at(-1);
    return this.#items.length < this.#limit || (last !== undefined && this.#compare(item, last) < 0);
  }

  add(item: T): void {
    if (!this.takes(item)) return;
    let [low, high] = [0, this.#items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#items[middle] as T, item) <= 0) low = middle + 1;
      else high = middle;
    }
    this.#items.splice(low, 0, item);
    if (this.#items.length > this.#limit) this.#items.pop();
  }

  get items(): readonly T[] {
    return this.#items;
  }
}
