import type { JournalEntry } from './journal.ts';

/** The totals of a campaign. */
export interface Totals {
  /** Calls of `publish`. */
  readonly attempted: number;
  /** Events whose `publish` resolved. */
  readonly confirmed: number;
  /** Confirmed events that every group has handled. */
  readonly delivered: number;
  /** Confirmed events that at least one group has never handled. */
  readonly lost: number;
  /** Number of repeated handlings of an event by a group, over all groups. */
  readonly duplicates: number;
  /** Messages that were never published, or that differ from what was published. */
  readonly foreign: number;
  /** Calls of `publish` that rejected with an unknown outcome. */
  readonly rejected: number;
  readonly crashed: number;
}

const BUCKET_MS = 100;

/** Counts the entries of the journals. Uses only a few bytes of memory for each event and group. */
export class Books {
  readonly events: number;
  readonly groups: number;
  /** When an event was confirmed, in milliseconds since the epoch. 0: not confirmed. */
  readonly #confirmedAt: Float64Array;
  /** How often each group has handled each event. */
  readonly #handled: readonly Uint8Array[];
  /** Events that a group has handled at least once. */
  readonly #reached: number[];
  readonly #handledPerBucket = new Map<number, number>();
  #entries = 0;
  #attempted = 0;
  #confirmed = 0;
  #rejected = 0;
  #duplicates = 0;
  #foreign = 0;
  #crashed = 0;

  constructor(events: number, groups: number) {
    this.events = events;
    this.groups = groups;
    this.#confirmedAt = new Float64Array(events);
    this.#handled = Array.from({ length: groups }, () => new Uint8Array(events));
    this.#reached = Array.from({ length: groups }, () => 0);
  }

  /** Number of entries read. A growing number means progress. */
  get entries(): number {
    return this.#entries;
  }

  get confirmed(): number {
    return this.#confirmed;
  }

  /** Number of handlings that are missing until each group has handled all events. */
  get missing(): number {
    return this.#reached.reduce((sum, reached) => sum + this.events - reached, 0);
  }

  /** Number of events that the slowest group has handled. */
  get reached(): number {
    return Math.min(...this.#reached);
  }

  /** Adds an entry of a publisher, or of a worker of `group`. */
  take(entry: JournalEntry, group = -1): void {
    const { kind, event, at } = entry;
    this.#entries += 1;
    if (kind === 'attempted') this.#attempted += 1;
    else if (kind === 'confirmed') this.#confirm(event, at);
    else if (kind === 'rejected') this.#rejected += 1;
    else if (kind === 'foreign' || event >= this.events) this.#foreign += 1;
    else if (kind === 'handled') this.#handle(event, group, at);
    else if (kind === 'crashed') this.#crashed += 1;
  }

  /** Number of messages that all groups handled in the `ms` milliseconds before `at`. */
  handledWithin(ms: number, at: number): number {
    const from = Math.floor((at - ms) / BUCKET_MS);
    const to = Math.floor(at / BUCKET_MS);
    let handled = 0;
    for (let bucket = from; bucket <= to; bucket += 1) handled += this.#handledPerBucket.get(bucket) ?? 0;
    return handled;
  }

  /** Confirmed events that at least one group has not handled, with the time of their confirmation. */
  *lost(): Generator<{ event: number; confirmedAt: number; groups: number[] }> {
    for (let event = 0; event < this.events; event += 1) {
      const confirmedAt = this.#confirmedAt[event] as number;
      if (confirmedAt === 0) continue;
      const groups = this.#handled.flatMap((handled, group) => (handled[event] === 0 ? [group] : []));
      if (groups.length > 0) yield { event, confirmedAt, groups };
    }
  }

  /** Events that a group has handled more than once. */
  *duplicated(): Generator<{ event: number; group: number; times: number }> {
    for (const [group, handled] of this.#handled.entries()) {
      for (const [event, times] of handled.entries()) if (times > 1) yield { event, group, times };
    }
  }

  totals(): Totals {
    const lost = [...this.lost()].length;
    return {
      attempted: this.#attempted,
      confirmed: this.#confirmed,
      delivered: this.#confirmed - lost,
      lost,
      duplicates: this.#duplicates,
      foreign: this.#foreign,
      rejected: this.#rejected,
      crashed: this.#crashed,
    };
  }

  #confirm(event: number, at: number): void {
    if (this.#confirmedAt[event] === 0) this.#confirmed += 1;
    this.#confirmedAt[event] = at;
  }

  #handle(event: number, group: number, at: number): void {
    const handled = this.#handled[group] as Uint8Array;
    const times = handled[event] as number;
    if (times === 0) this.#reached[group] = (this.#reached[group] as number) + 1;
    else this.#duplicates += 1;
    handled[event] = Math.min(255, times + 1);
    const bucket = Math.floor(at / BUCKET_MS);
    this.#handledPerBucket.set(bucket, (this.#handledPerBucket.get(bucket) ?? 0) + 1);
  }
}
