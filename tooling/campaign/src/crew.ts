import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Books } from './books.ts';
import { type WorkerProfile, workerProfile } from './conduct.ts';
import { CrewProcess } from './crew-process.ts';
import { JournalTail } from './journal.ts';
import { CRASH_EXIT_CODE } from './orders.ts';

/** Options of a crew. */
export interface CrewOptions {
  readonly seed: number;
  readonly events: number;
  readonly groups: number;
  readonly publishers: number;
  /** See {@link CampaignAdapter.module}. */
  readonly module: string;
  readonly env: Readonly<Record<string, string>>;
  /** For journals and logs. */
  readonly folder: string;
  readonly books: Books;
  /** Called when a worker has crashed on purpose. */
  onCrash(profile: WorkerProfile): void;
}

interface Member {
  readonly group: number;
  readonly profile: WorkerProfile;
  process: CrewProcess;
}

/** Number of unexplained exits after which the campaign gives up. */
const MOST_FAILURES = 20;

/** The processes of a campaign. A process that ends by itself is started again. */
export class Crew {
  /** Unexpected events of processes. Each is a defect. */
  readonly failures: string[] = [];
  readonly #options: CrewOptions;
  readonly #members = new Map<number, Member>();
  readonly #publishers: CrewProcess[] = [];
  readonly #publisherJournals: string[][] = [];
  readonly #tails: { tail: JournalTail; group: number }[] = [];
  #limit = 0;
  #finishing = false;
  #ended = false;
  #journals = 0;

  constructor(options: CrewOptions) {
    this.#options = options;
    mkdirSync(join(options.folder, 'marks'));
  }

  /** The prefetch of each worker. */
  get prefetches(): number[] {
    return [...this.#members.values()].map(({ profile }) => profile.prefetch);
  }

  /** The prefetch of one worker. */
  prefetchOf(worker: number): number {
    return this.#member(worker).profile.prefetch;
  }

  /** Number of workers that keep a message until {@link finish}. */
  get holders(): number {
    return [...this.#members.values()].filter(({ profile }) => holds(profile)).length;
  }

  addWorker(worker: number, group: number): Promise<void> {
    const { seed, groups } = this.#options;
    const profile = workerProfile(seed, worker, groups);
    const member: Member = { group, profile, process: this.#startWorker(worker, group, profile) };
    this.#members.set(worker, member);
    return member.process.started();
  }

  /** Kills it with SIGKILL and starts a replacement. */
  async killWorker(worker: number): Promise<void> {
    const member = this.#member(worker);
    await member.process.kill();
    member.process = this.#startWorker(worker, member.group, member.profile);
  }

  /** Lets it shut down cleanly, without a replacement. */
  async retireWorker(worker: number): Promise<void> {
    const { process, profile } = this.#member(worker);
    this.#members.delete(worker);
    this.#explain(`worker-${worker}`, await process.leave(), profile);
  }

  addPublisher(): Promise<void> {
    const index = this.#publishers.length;
    this.#publisherJournals.push([]);
    const process = this.#startPublisher(index);
    this.#publishers.push(process);
    return process.started();
  }

  /** Kills it with SIGKILL and starts a replacement, which publishes the unconfirmed events again. */
  async killPublisher(index: number): Promise<void> {
    await this.#publishers[index]?.kill();
    this.#publishers[index] = this.#startPublisher(index);
  }

  /** Lets the publishers continue up to an event. */
  grant(limit: number): void {
    this.#limit = limit;
    for (const publisher of this.#publishers) publisher.grant(limit);
  }

  /** Lets the workers settle the messages that they keep. */
  finish(): void {
    this.#finishing = true;
    for (const { process } of this.#members.values()) process.finish();
  }

  /** Adds new journal entries to the books. @throws {Error} if too many processes have failed */
  enter(): void {
    for (const { tail, group } of this.#tails) tail.read((entry) => this.#options.books.take(entry, group));
    if (this.failures.length > MOST_FAILURES) throw new Error('Too many processes have failed.');
  }

  /** Ends all processes and adds the remaining entries. */
  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all([...this.#members.values()].map(({ process }) => process.kill()));
    await Promise.all(this.#publishers.map((publisher) => publisher.kill()));
    for (const { tail, group } of this.#tails.splice(0)) {
      tail.read((entry) => this.#options.books.take(entry, group));
      tail.close();
    }
  }

  #startWorker(worker: number, group: number, profile: WorkerProfile): CrewProcess {
    const { seed, module, env, folder } = this.#options;
    const name = `worker-${worker}`;
    const journal = this.#openJournal(name, group);
    const marks = join(folder, 'marks');
    const held = { holds: holds(profile) && !this.#finishing };
    const orders = { ...profile, ...held, seed, module, env, group, marks, journal };
    const process = new CrewProcess('worker-main', orders, join(folder, `${name}.log`));
    process.onUnexpectedExit((code) => {
      if (this.#ended) return;
      this.#explain(name, code, profile);
      const member = this.#members.get(worker);
      if (member?.process === process) member.process = this.#startWorker(worker, group, profile);
    });
    return process;
  }

  #startPublisher(index: number): CrewProcess {
    const { seed, module, env, folder, events, publishers } = this.#options;
    const name = `publisher-${index}`;
    const journals = this.#publisherJournals[index] as string[];
    const earlier = [...journals];
    const journal = this.#openJournal(name, -1);
    journals.push(journal);
    const orders = { seed, module, env, journal, index, step: publishers, events, earlier, ...publishing };
    const process = new CrewProcess('publisher-main', orders, join(folder, `${name}.log`));
    process.onUnexpectedExit((code) => {
      if (this.#ended || code === 0) return;
      this.failures.push(`${name} ended with ${code}: see ${name}.log`);
      if (this.#publishers[index] === process) this.#publishers[index] = this.#startPublisher(index);
    });
    process.grant(this.#limit);
    return process;
  }

  #explain(name: string, code: number | null, profile: WorkerProfile): void {
    if (code === CRASH_EXIT_CODE) this.#options.onCrash(profile);
    else if (code !== 0) this.failures.push(`${name} ended with ${code}: see ${name}.log`);
  }

  #openJournal(name: string, group: number): string {
    this.#journals += 1;
    const path = join(this.#options.folder, `${name}.${this.#journals}.journal`);
    writeFileSync(path, '', { flag: 'wx' });
    this.#tails.push({ tail: new JournalTail(path), group });
    return path;
  }

  #member(worker: number): Member {
    const member = this.#members.get(worker);
    if (member === undefined) throw new Error(`Worker ${worker} does not exist.`);
    return member;
  }
}

/** If each handler settles its own message, one can work for long while the others continue. */
function holds({ ack }: WorkerProfile): boolean {
  return ack === 'manual';
}

/** Number of publishes in flight, and their timeout: short, so that outcomes are often unknown. */
const publishing = { inFlight: 64, timeoutMs: 1_000 };
