/** Prints what happens, with the seconds since the start. */
export class Timeline {
  readonly #started = performance.now();
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  get seconds(): number {
    return Math.round((performance.now() - this.#started) / 100) / 10;
  }

  write(who: string, what: string): void {
    this.#write(`${this.seconds.toFixed(1).padStart(5)} s  ${who.padEnd(7)} ${what}`);
  }
}
