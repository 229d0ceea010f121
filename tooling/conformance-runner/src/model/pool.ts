/** The state of one message in one pool. */
export interface Entry {
  readonly n: number;
  state: 'ready' | 'in flight' | 'acked' | 'parked' | 'purged';
  /** The retryCount of the next delivery. */
  retries: number;
  /** Deliveries that began and had no outcome. */
  losses: number;
}

/** The expected state of a group or an independent consumer: all messages that it must receive. */
export class Pool {
  readonly group: string | undefined;
  readonly #entries = new Map<number, Entry>();

  constructor(group: string | undefined) {
    this.group = group;
  }

  add(n: number): void {
    this.#entries.set(n, { n, state: 'ready', retries: 0, losses: 0 });
  }

  get(n: number): Entry | undefined {
    return this.#entries.get(n);
  }

  /** Messages in that state, in the order of publishing. */
  in(state: Entry['state']): Entry[] {
    return [...this.#entries.values()].filter((entry) => entry.state === state);
  }

  /** Back for redelivery, after it was in flight: as a failure, as a delivery without an outcome, or not counted. */
  giveBack(entry: Entry, counted: 'failure' | 'loss' | 'not'): void {
    entry.state = 'ready';
    if (counted === 'failure') entry.retries += 1;
    if (counted === 'loss') entry.losses += 1;
  }
}
