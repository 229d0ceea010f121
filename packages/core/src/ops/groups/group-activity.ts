import type { HandledMessage } from '../../metrics/worker-metrics.ts';

/** Counts of what the consumers of a group in this process did. */
export interface GroupCounts {
  /** Number of messages that handlers are processing. */
  readonly inFlight: number;
  /** Attempts that ended in the last 60 seconds. */
  readonly lastMinute: OutcomeCounts;
  /** Attempts that have ended since the process started. */
  readonly total: OutcomeCounts;
}

/** Numbers of attempts by outcome. */
export interface OutcomeCounts {
  readonly handled: number;
  readonly retried: number;
  readonly deadLettered: number;
  readonly handedBack: number;
}

type Outcome = HandledMessage['outcome'];
type Counts = Record<Outcome, number>;

interface Group {
  inFlight: number;
  readonly total: Counts;
  /** One slot for each of the last 60 seconds. */
  readonly seconds: { second: number; counts: Counts }[];
}

const SECONDS = 60;
/** Maximum number of groups. A process has few groups; the bound protects against names that keep changing. */
const MAX_GROUPS = 1_000;

/** Counts the attempts of each group in this process. */
export class GroupActivity {
  readonly #groups = new Map<string, Group>();
  readonly #now: () => number;

  /** @param now - returns the current time in milliseconds. Default `Date.now` */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  started(group: string): void {
    const found = this.#group(group);
    if (found !== undefined) found.inFlight += 1;
  }

  ended(group: string, outcome: Outcome): void {
    const found = this.#group(group);
    if (found === undefined) return;
    found.inFlight = Math.max(0, found.inFlight - 1);
    found.total[outcome] += 1;
    const second = Math.floor(this.#now() / 1_000);
    const index = second % SECONDS;
    const slot = found.seconds[index];
    if (slot?.second === second) slot.counts[outcome] += 1;
    else found.seconds[index] = { second, counts: { ...NONE, [outcome]: 1 } };
  }

  /** Returns the counts of a group, or `undefined` if this process has handled no message of the group. */
  of(group: string): GroupCounts | undefined {
    const found = this.#groups.get(group);
    if (found === undefined) return undefined;
    const since = Math.floor(this.#now() / 1_000) - SECONDS;
    const recent: Counts = { ...NONE };
    for (const slot of found.seconds) {
      if (slot === undefined || slot.second <= since) continue;
      for (const outcome of OUTCOMES) recent[outcome] += slot.counts[outcome];
    }
    return { inFlight: found.inFlight, lastMinute: named(recent), total: named(found.total) };
  }

  get names(): readonly string[] {
    return [...this.#groups.keys()];
  }

  #group(name: string): Group | undefined {
    const known = this.#groups.get(name);
    if (known !== undefined || this.#groups.size >= MAX_GROUPS) return known;
    const group: Group = { inFlight: 0, total: { ...NONE }, seconds: [] };
    this.#groups.set(name, group);
    return group;
  }
}

const OUTCOMES = ['ack', 'retry', 'dead-letter', 'hand-back'] as const;
const NONE: Readonly<Counts> = { ack: 0, retry: 0, 'dead-letter': 0, 'hand-back': 0 };

function named(counts: Readonly<Counts>): OutcomeCounts {
  return {
    handled: counts.ack,
    retried: counts.retry,
    deadLettered: counts['dead-letter'],
    handedBack: counts['hand-back'],
  };
}
