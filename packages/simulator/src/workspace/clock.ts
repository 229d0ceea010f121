/** The clock of the workspace, which starts at the real time and runs `timeScale` times as fast. */
export class Clock {
  readonly #startedAt: number = Date.now();
  readonly #timeScale: number;
  #lastMicros = 0;

  constructor(timeScale: number) {
    this.#timeScale = timeScale;
  }

  /** Returns the current time on the workspace's clock, in milliseconds since the epoch. */
  now(): number {
    return this.#startedAt + (Date.now() - this.#startedAt) * this.#timeScale;
  }

  /** Returns the current time on the workspace's clock, in whole seconds since the epoch. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** Returns the milliseconds of real time until a time on the workspace's clock; at least 0. */
  realMsUntil(seconds: number): number {
    return Math.max(0, (seconds * 1000 - this.now()) / this.#timeScale);
  }

  /** Returns a new `ts` that is unique in the workspace and greater than every earlier `ts`. */
  nextTs(): string {
    this.#lastMicros = Math.max(this.seconds() * 1e6 + 100, this.#lastMicros + 100);
    return formatTs(this.#lastMicros);
  }
}

/** Formats microseconds since the epoch as a `ts`, such as `1700000000.000100`. */
export function formatTs(micros: number): string {
  const seconds = Math.floor(micros / 1e6);
  return `${seconds}.${String(micros - seconds * 1e6).padStart(6, '0')}`;
}

/** Compares two `ts` values. The result is negative when `a` is older. */
export function compareTs(a: string, b: string): number {
  return (
    Number(a.split('.')[0]) - Number(b.split('.')[0]) || Number(a.split('.')[1] ?? 0) - Number(b.split('.')[1] ?? 0)
  );
}
