import { MAX_TIMER_MS } from '../config/resolve-integers.ts';
import { MinHeap } from './min-heap.ts';

interface Waiting<T> {
  readonly item: T;
  readonly dueAt: number;
  readonly order: number;
}

/**
 * A queue of items that become due at a given time, with one timer for all items. Due items stay in the queue until
 * `take` removes them.
 */
export class DueQueue<T> {
  readonly #onDue: () => void;
  readonly #heap = new MinHeap<Waiting<T>>((a, b) => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order));
  readonly #waiting = new Map<T, Waiting<T>>();
  #order = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  /** @param onDue - called when an item becomes due */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** Whether an item is due now. */
  get hasDue(): boolean {
    const first = this.#first();
    return first !== undefined && first.dueAt <= performance.now();
  }

  /** Milliseconds until the item is due, or `undefined` if the queue does not contain it. */
  dueInMs(item: T): number | undefined {
    const waiting = this.#waiting.get(item);
    return waiting === undefined ? undefined : Math.max(0, waiting.dueAt - performance.now());
  }

  /** Adds an item or changes its due time. */
  add(item: T, dueInMs: number): void {
    const waiting = { item, dueAt: performance.now() + dueInMs, order: this.#order++ };
    this.#waiting.set(item, waiting);
    this.#heap.push(waiting);
    this.#arm();
  }

  remove(item: T): boolean {
    return this.#waiting.delete(item);
  }

  /** Removes and returns at most `most` due items, earliest first. */
  take(most: number): T[] {
    const items: T[] = [];
    while (items.length < most && this.hasDue) {
      const { item } = this.#heap.pop() as Waiting<T>;
      this.#waiting.delete(item);
      items.push(item);
    }
    this.#arm();
    return items;
  }

  clear(): void {
    this.#waiting.clear();
    this.#first();
    this.#disarm();
  }

  /** Returns the earliest item that has not been removed. */
  #first(): Waiting<T> | undefined {
    for (;;) {
      const first = this.#heap.peek();
      if (first === undefined || this.#waiting.get(first.item) === first) return first;
      this.#heap.pop();
    }
  }

  #arm(): void {
    const first = this.#first();
    if (first === undefined || first.dueAt >= this.#timerAt) return;
    this.#disarm();
    this.#timerAt = first.dueAt;
    const delay = Math.min(Math.max(0, Math.ceil(first.dueAt - performance.now())), MAX_TIMER_MS);
    this.#timer = setTimeout(() => this.#tick(), delay);
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  // Timers may fire a fraction of a millisecond early, and due items may not be taken immediately.
  #tick(): void {
    this.#disarm();
    // Read the clock once: an item that became due between two readings would be neither reported nor awaited.
    const now = performance.now();
    const first = this.#first();
    if (first !== undefined && first.dueAt <= now) this.#onDue();
    const next = this.#first();
    if (next !== undefined && next.dueAt > now) this.#arm();
  }
}
