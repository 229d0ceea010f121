/** The workspace's clock: starts at real time and runs `timeScale` times as fast. */
export class Clock {
  readonly #startedAt: number = Date.now();
  readonly #timeScale: number;
  #lastMicros = 0;

  constructor(timeScale: number) {
    this.#timeScale = timeScale;
  }

  /** The current time on the workspace's clock, in milliseconds since the epoch. */
  now(): number {
    return this.#startedAt + (Date.now() - this.#startedAt) * this.#timeScale;
  }

  /** The current time on the workspace's clock, in whole seconds since the epoch. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** The next `ts`: unique in the workspace and greater than every earlier one. */
  nextTs(): string {
    this.#lastMicros = Math.max(this.seconds() * 1e6 + 100, this.#lastMicros + 100);
    return formatTs(this.#lastMicros);
  }
}

/** A `ts` in Slack's format, such as `1700000000.000100`, from microseconds since the epoch. */
export function formatTs(micros: number): string {
  const seconds = Math.floor(micros / 1e6);
  return `${seconds}.${String(micros - seconds * 1e6).padStart(6, '0')}`;
}

/** Compares two `ts` values; negative when `a` is older. */
export function compareTs(a: string, b: string): number {
  return (
    Number(a.split('.')[0]) - Number(b.split('.')[0]) || Number(a.split('.')[1] ?? 0) - Number(b.split('.')[1] ?? 0)
  );
}
