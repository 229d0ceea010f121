import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignAdapter, CampaignBroker, Disruption, Fsync } from './adapter.ts';
import { Books, type Totals } from './books.ts';
import { campaignKeys } from './campaign-event.ts';
import { Crew } from './crew.ts';
import { injectFault } from './inject-fault.ts';
import { groupName } from './orders.ts';
import { createSchedule, isStall, type ScheduledFault } from './schedule.ts';

export interface CampaignOptions {
  readonly events: number;
  readonly seed: number;
  /** At least one for each group. Default 4. */
  readonly workers?: number;
  /** Default 2. */
  readonly publishers?: number;
  /** Default 2. */
  readonly groups?: number;
  /** Default `always`. */
  readonly fsync?: Fsync;
  /** See {@link CampaignBrokerOptions}. */
  readonly brokerVersion?: string | undefined;
  /** Faults of the schedule. Default: see {@link createSchedule}. */
  readonly faults?: number;
  /** An existing folder for journals and logs. */
  readonly folder: string;
  /** Milliseconds without progress after which the campaign gives up. Default 90000. */
  readonly patienceMs?: number;
  /**
   * Milliseconds without progress after which a missing event is lost when the broker has no more messages. Default
   * 15000.
   */
  readonly graceMs?: number;
  /** Receives lines about what happens. */
  readonly progress?: (line: string) => void;
}

/** The result of a campaign. */
export interface CampaignResult extends Omit<Totals, 'crashed' | 'foreign' | 'rejected'> {
  readonly backend: string;
  readonly seed: number;
  /** Confirmed events that were missing when the campaign gave up, and may be among the messages at the broker. */
  readonly pending: number;
  /** The maximum number of duplicates that the backend documents for these disruptions. */
  readonly duplicateBound: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Descriptions of broken guarantees. Empty if all hold. */
  readonly complaints: readonly string[];
}

const POLL_MS = 20;
/** Longest wait for a burst, in milliseconds, because the publishers may be disconnected. */
const BURST_MS = 1_000;
/** Events that the slowest group may lag behind at a fault, so that messages are in flight in both directions. */
const MOST_BEHIND = 2_000;

/** Runs a campaign. See the package's README. Also resolves if it finds a loss. Rejects if it cannot run. */
export async function runCampaign(adapter: CampaignAdapter, options: CampaignOptions): Promise<CampaignResult> {
  const { fsync = 'always', brokerVersion } = options;
  const site = await adapter.start({ fsync, brokerVersion });
  try {
    return await new Campaign(adapter, site, options).run();
  } finally {
    await site.dispose();
  }
}

class Campaign {
  readonly #adapter: CampaignAdapter;
  readonly #site: CampaignBroker;
  readonly #events: number;
  readonly #seed: number;
  readonly #groups: number;
  readonly #workers: number;
  readonly #publishers: number;
  readonly #patienceMs: number;
  readonly #graceMs: number;
  readonly #progress: (line: string) => void;
  readonly #schedule: readonly ScheduledFault[];
  readonly #books: Books;
  readonly #crew: Crew;
  readonly #faults: Record<string, number> = {};
  /** When the broker was killed, in milliseconds since the epoch. */
  readonly #kills: number[] = [];
  #duplicateBound = 0;
  /** The last number of messages that the groups had not acked. */
  #owed = 0;

  constructor(adapter: CampaignAdapter, site: CampaignBroker, options: CampaignOptions) {
    const { events, seed, workers = 4, publishers = 2, groups = 2, folder } = options;
    this.#adapter = adapter;
    this.#site = site;
    this.#events = events;
    this.#seed = seed;
    this.#groups = groups;
    this.#workers = workers;
    this.#publishers = publishers;
    this.#patienceMs = options.patienceMs ?? 90_000;
    this.#graceMs = options.graceMs ?? 15_000;
    this.#progress = options.progress ?? (() => undefined);
    this.#schedule = createSchedule({ ...options, workers, groups, publishers });
    this.#books = new Books(events, groups);
    this.#crew = new Crew({
      ...{ seed, events, groups, publishers, folder, books: this.#books },
      module: adapter.module,
      env: { ...site.env, QUEUE_KEYS: campaignKeys.join(','), QUEUE_GROUPS: this.#groupNames.join(',') },
      onCrash: ({ prefetch }) => this.#disrupted('worker-crash', [prefetch]),
    });
  }

  get #groupNames(): string[] {
    return Array.from({ length: this.#groups }, (_, group) => groupName(group));
  }

  async run(): Promise<CampaignResult> {
    const startedAt = performance.now();
    let givenUp: string | undefined;
    try {
      await this.#muster();
      await this.#publishUnderFaults();
      await this.#finish();
    } catch (error) {
      givenUp = (error as Error).message;
      this.#owed = await this.#countOwed().catch(() => Number.POSITIVE_INFINITY);
    }
    await this.#crew.end();
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    return this.#conclude(seconds, givenUp);
  }

  async #muster(): Promise<void> {
    const workers = Array.from({ length: this.#workers }, (_, worker) =>
      this.#crew.addWorker(worker, worker % this.#groups),
    );
    const publishers = Array.from({ length: this.#publishers }, () => this.#crew.addPublisher());
    await Promise.all([...workers, ...publishers]);
    this.#progress(`${this.#workers} workers in ${this.#groups} groups, ${this.#publishers} publishers`);
  }

  /**
   * Publishers may be ahead of the schedule by one fault, and groups stay close behind, so that messages to and from
   * the broker are in flight at each fault.
   */
  async #publishUnderFaults(): Promise<void> {
    for (const [index, fault] of this.#schedule.entries()) {
      const { kind, after } = fault;
      const next = this.#schedule[index + 1]?.after ?? this.#events;
      this.#crew.grant(isStall(kind) ? Math.ceil(after + (next - after) / 4) : next);
      await this.#until(`${after} events to be confirmed`, () => this.#books.confirmed >= after);
      await this.#until('the groups to keep up', () => this.#books.reached >= after - MOST_BEHIND);
      await this.#inject(fault, () => this.#burst(next));
      // The next fault might release messages that this one left stuck.
      if (isStall(kind)) await this.#untilOwed(this.#crew.holders);
    }
    this.#crew.grant(this.#events);
    await this.#until('all events to be confirmed', () => this.#books.confirmed === this.#events);
  }

  /** Lets publishers continue up to an event after a pause. Resolves when these messages are stored. */
  async #burst(to: number): Promise<void> {
    this.#crew.grant(to);
    const end = performance.now() + BURST_MS;
    while (this.#books.confirmed < to && performance.now() < end) {
      await sleep(POLL_MS);
      this.#crew.enter();
    }
  }

  async #inject(fault: ScheduledFault, busy: () => Promise<void>): Promise<void> {
    const { kind, durationMs, target } = fault;
    const about = [target === undefined ? '' : ` of ${target}`, durationMs === 0 ? '' : ` for ${durationMs} ms`];
    this.#progress(`${this.#books.confirmed}/${this.#events} confirmed: ${kind}${about.join('')}`);
    if (kind === 'broker-kill') this.#kills.push(Date.now());
    const met = kind.startsWith('worker') || kind === 'member-leave' ? [this.#crew.prefetchOf(target ?? 0)] : undefined;
    this.#disrupted(kind, met ?? this.#crew.prefetches);
    const watch = setInterval(() => this.#crew.enter(), POLL_MS);
    try {
      await injectFault(fault, this.#site, this.#crew, busy);
    } finally {
      clearInterval(watch);
    }
  }

  /**
   * Waits until each group has handled each event and the broker has no unacknowledged messages. After that, no duplicate
   * can arrive.
   */
  async #finish(): Promise<void> {
    this.#progress('all events are confirmed; waiting for the groups');
    const { holders } = this.#crew;
    await this.#untilOwed(holders, holders);
    this.#crew.finish();
    await this.#untilOwed(0, 0);
  }

  /**
   * Waits until only the messages that workers keep are unacknowledged: no other message may have to wait for them.
   *
   * @param missing - number of handlings that may be missing. If more are missing, although the broker has no further
   *   messages, they are lost after a while without progress.
   */
  #untilOwed(kept: number, missing = Number.POSITIVE_INFINITY): Promise<void> {
    const but = kept === 0 ? '' : `, except for ${kept} that workers keep`;
    return this.#until(`the groups to handle and ack their messages${but}`, async (quietMs) => {
      this.#owed = await this.#countOwed();
      return this.#owed <= kept && (this.#books.missing <= missing || quietMs > this.#graceMs);
    });
  }

  #countOwed(): Promise<number> {
    return this.#site.owed(campaignKeys, this.#groupNames);
  }

  #disrupted(kind: Disruption['kind'], prefetches: readonly number[], times = 1): void {
    if (kind !== 'ambiguous-publish') this.#faults[kind] = (this.#faults[kind] ?? 0) + 1;
    const at = Date.now();
    this.#duplicateBound += this.#site.duplicateBound({
      ...{ kind, prefetches, times, groups: this.#groups },
      handledWithin: (ms) => this.#books.handledWithin(ms, at),
    });
  }

  /**
   * Reads journals until the condition holds. New entries and a different backlog are progress. The condition receives
   * the milliseconds without progress. If it rejects, for example because the broker does not answer, it is checked again.
   *
   * @throws {Error} if there is no progress for too long
   */
  async #until(what: string, condition: (quietMs: number) => boolean | Promise<boolean>): Promise<void> {
    let seen = '';
    let progressAt = performance.now();
    let problem = '';
    for (;;) {
      this.#crew.enter();
      try {
        if (await condition(performance.now() - progressAt)) return;
        problem = '';
      } catch (error) {
        problem = ` The last check failed: ${(error as Error).message}`;
      }
      const now = `${this.#books.entries} ${this.#owed}`;
      if (now !== seen) progressAt = performance.now();
      seen = now;
      if (performance.now() - progressAt > this.#patienceMs) {
        throw new Error(`No progress for ${this.#patienceMs} ms while waiting for ${what}.${problem}`);
      }
      await sleep(POLL_MS);
    }
  }

  #conclude(seconds: number, givenUp: string | undefined): CampaignResult {
    const { attempted, confirmed, delivered, duplicates, foreign, rejected, ...missing } = this.#books.totals();
    const pending = Math.min(missing.lost, this.#owed);
    const lost = missing.lost - pending;
    // A killed publisher leaves calls with an unknown outcome as well.
    this.#disrupted('ambiguous-publish', [], Math.max(rejected, attempted - confirmed));
    const duplicateBound = this.#duplicateBound;
    const complaints = [
      ...(givenUp === undefined ? [] : [givenUp]),
      ...(pending === 0 ? [] : [`the broker still has messages: ${pending} events are not known to be lost`]),
      ...this.#crew.failures,
      ...this.#lossesOutsideTheWindow(pending),
      ...(duplicates > duplicateBound ? [`${duplicates} duplicates, the documented limit is ${duplicateBound}`] : []),
      ...(foreign > 0 ? [`${foreign} messages that differ from what was published`] : []),
    ];
    return {
      ...{ backend: this.#adapter.name, seed: this.#seed, attempted, confirmed, delivered, lost, pending },
      ...{ duplicates, duplicateBound, faults: this.#faults, seconds, complaints },
    };
  }

  #lossesOutsideTheWindow(pending: number): string[] {
    const happened = pending === 0 ? 'was never delivered' : 'was not delivered yet';
    const { lossWindowMs } = this.#site;
    const excused = (confirmedAt: number): boolean =>
      this.#kills.some((killedAt) => confirmedAt <= killedAt && confirmedAt > killedAt - lossWindowMs);
    const complaints: string[] = [];
    for (const { event, confirmedAt, groups } of this.#books.lost()) {
      if (!excused(confirmedAt)) {
        complaints.push(
          `event ${event}, confirmed at ${confirmedAt}, ${happened} to ${groups.map(groupName).join(', ')}`,
        );
      }
    }
    return complaints;
  }
}
