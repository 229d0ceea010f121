/** Minimum time in milliseconds that an id is remembered. */
const WINDOW_MS = 15 * 60_000;
/** Number of ids that are always remembered within the window. Up to twice as many ids can be remembered. */
const CAPACITY = 100_000;

/**
 * Recently published ids, in two generations; the older generation is dropped as a whole. An id is remembered for one
 * to two windows, or until one to two times `CAPACITY` other ids have followed.
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
