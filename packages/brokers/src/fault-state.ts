import type { Direction } from './fault-proxy.ts';

/** The faults that are in effect at a proxy. */
export class FaultState {
  delayMs = 0;
  bytesPerSecond = Number.POSITIVE_INFINITY;
  readonly #dropped = new Set<Direction>();
  #open = Promise.resolve();
  #reopen: (() => void) | undefined;
  #healing = new AbortController();

  /** Resolves when bytes may pass. */
  get open(): Promise<void> {
    return this.#open;
  }

  /** Aborted by `heal`: what a fault holds back passes then. */
  get healing(): AbortSignal {
    return this.#healing.signal;
  }

  drops(direction: Direction): boolean {
    return this.#dropped.has(direction);
  }

  drop(direction?: Direction): void {
    for (const each of direction ? [direction] : (['to-broker', 'to-client'] as const)) this.#dropped.add(each);
  }

  blackhole(): void {
    if (this.#reopen !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#open = promise;
    this.#reopen = resolve;
  }

  heal(): void {
    this.delayMs = 0;
    this.bytesPerSecond = Number.POSITIVE_INFINITY;
    this.#dropped.clear();
    this.#reopen?.();
    this.#reopen = undefined;
    this.#healing.abort();
    this.#healing = new AbortController();
  }
}
