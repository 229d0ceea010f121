/** Counts what became of each event of a load run. */
export class EventBooks {
  readonly #accepted = new Set<number>();
  readonly #handled = new Set<number>();
  readonly #abandoned: number[] = [];
  readonly #latencies: number[] = [];
  readonly #refusals: Record<string, number> = {};
  #sent = 0;
  #duplicates = 0;

  /** Returns the number of a new event. */
  next(): number {
    this.#sent += 1;
    return this.#sent;
  }

  /** The server acknowledged an event. */
  accepted(event: number, elapsedMs: number): void {
    this.#accepted.add(event);
    this.#latencies.push(elapsedMs);
  }

  /** An attempt failed, with a status or for another reason. */
  refused(reason: number | string): void {
    this.#refusals[reason] = (this.#refusals[reason] ?? 0) + 1;
  }

  /** The last retry of an event failed. */
  abandoned(event: number): void {
    this.#abandoned.push(event);
  }

  /** The worker handled an event. */
  handled(event: number): void {
    if (this.#handled.has(event)) this.#duplicates += 1;
    this.#handled.add(event);
  }

  get sentCount(): number {
    return this.#sent;
  }

  get acceptedCount(): number {
    return this.#accepted.size;
  }

  get handledCount(): number {
    return this.#handled.size;
  }

  get duplicates(): number {
    return this.#duplicates;
  }

  /** Failed attempts by reason. */
  get refusals(): Readonly<Record<string, number>> {
    return this.#refusals;
  }

  /** Events that the worker never handled, although the server acknowledged them. */
  lost(): number[] {
    return [...this.#accepted].filter((event) => !this.#handled.has(event));
  }

  /** Events that the server never acknowledged, and that the worker did not handle either. */
  undelivered(): number[] {
    return this.#abandoned.filter((event) => !this.#handled.has(event));
  }

  /** A percentile of the time to acknowledge, in milliseconds. */
  acknowledgedWithinMs(part: number): number {
    return percentile(this.#latencies, part);
  }

  /** Forgets the times of earlier events. */
  restartClock(): void {
    this.#latencies.length = 0;
  }
}

/** A percentile, for example `0.99`; 0 without values. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
}
