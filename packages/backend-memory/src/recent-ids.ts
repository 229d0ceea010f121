/** Milliseconds for which an id is remembered at least. */
const WINDOW_MS = 15 * 60_000;
/** How many of the latest ids are remembered at least, within the window, and half of how many at most. */
const CAPACITY = 100_000;

/**
 * The ids that were published lately, in two generations: the older one is forgotten as a whole. An id is remembered
 * for one to two windows, or until one to two capacities of others have come.
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
