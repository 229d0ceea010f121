/** Minimum time in milliseconds for which an id is remembered, unless too many other ids follow. */
const WINDOW_MS = 15 * 60_000;
/** Minimum number of recent ids that are remembered within the window. At most twice as many ids are remembered. */
const CAPACITY = 100_000;

/**
 * Remembers recently published ids in two generations, and drops the older generation as a whole. An id is remembered
 * for one to two windows, or until one to two times `CAPACITY` other ids have followed.
 */
export class RecentIds {
  #current = new Set<string>();
  #previous = new Set<string>();
  #began = performance.now();

  has(id: string): boolean {
    this.#age();
    return this.#current.has(id) || this.#previous.has(id);
  }

  add(id: string): void {
    this.#age();
    this.#current.add(id);
  }

  #age(): void {
    const age = performance.now() - this.#began;
    if (age < WINDOW_MS && this.#current.size < CAPACITY) return;
    this.#previous = age < 2 * WINDOW_MS ? this.#current : new Set();
    this.#current = new Set();
    this.#began = performance.now();
  }
}
