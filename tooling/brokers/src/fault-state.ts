import { type Direction, directions } from './direction.ts';
import { Gate } from './gate.ts';

/** The current faults of a proxy. */
export class FaultState {
  delayMs = 0;
  bytesPerSecond = Number.POSITIVE_INFINITY;
  /** Shut during a blackhole. */
  readonly gate: Gate = new Gate();
  readonly #dropped = new Set<Direction>();
  #healing = new AbortController();

  /** Aborted by `heal`, which lets held bytes pass. */
  get healing(): AbortSignal {
    return this.#healing.signal;
  }

  drops(direction: Direction): boolean {
    return this.#dropped.has(direction);
  }

  drop(direction?: Direction): void {
    for (const each of direction ? [direction] : directions) this.#dropped.add(each);
  }

  heal(): void {
    this.delayMs = 0;
    this.bytesPerSecond = Number.POSITIVE_INFINITY;
    this.#dropped.clear();
    this.gate.open();
    this.#healing.abort();
    this.#healing = new AbortController();
  }
}
