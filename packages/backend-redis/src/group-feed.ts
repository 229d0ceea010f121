import { type Logger, type QueueError, SerializationError } from '@slack-mcp/core';
import type { Credits } from '@slack-mcp/core/backend';
import type { Argument, RedisConnection } from './client.ts';
import { decodeCounts } from './delivery-count.ts';
import type { GroupStream, TakenEntry } from './group-stream.ts';
import { Holdings } from './holdings.ts';
import type { ResolvedOptions } from './options.ts';
import type { Feed } from './read-loop.ts';
import { type RedisDelivery, toDelivery } from './redis-delivery.ts';
import { isNoGroup, toQueueError } from './redis-error.ts';
import { decodeEntryPayload, type StreamEntry } from './stream-entry.ts';
import { parseEntries } from './stream-reply.ts';

/** A stream and what this consumer holds of it. */
export interface Member {
  readonly stream: GroupStream;
  readonly holdings: Holdings;
}

/** Most milliseconds between two looks at what others gave back or lost. */
const TAKE_INTERVAL_MS = 1_000;
/** What Redis counts for a message that it gives for the first time. */
const FETCHED = 1;

/** What one member of a group reads: new messages, what others gave back or lost, and what is due again. */
export class GroupFeed implements Feed {
  readonly streams: readonly string[];
  readonly rareStreams: readonly string[];
  readonly members: readonly Member[];
  readonly #byName: ReadonlyMap<string, Member>;
  readonly #connection: RedisConnection;
  readonly #options: ResolvedOptions;
  readonly #credits: Credits<RedisDelivery>;
  readonly #logger: Logger;
  readonly #takeIntervalMs: number;
  #takeAt = 0;
  #turn = 0;
  /** An answer was lost: Redis may have given messages that never arrived here. */
  #uncertain = false;
  #missing = false;

  constructor(
    streams: readonly GroupStream[],
    connection: RedisConnection,
    options: ResolvedOptions,
    credits: Credits<RedisDelivery>,
    onDue: () => void,
  ) {
    this.members = streams.map((stream) => ({ stream, holdings: new Holdings(onDue) }));
    this.#byName = new Map(this.members.map((member) => [member.stream.name, member]));
    this.streams = streams.filter(({ isRedrive }) => !isRedrive).map(({ name }) => name);
    this.rareStreams = streams.filter(({ isRedrive }) => isRedrive).map(({ name }) => name);
    this.#connection = connection;
    this.#options = options;
    this.#credits = credits;
    this.#logger = options.logger;
    this.#takeIntervalMs = takeIntervalMs(options.leaseMs);
  }

  /** Looks up what Redis says this consumer holds before the next read: it may have given more than arrived here. */
  doubt(): void {
    this.#uncertain = true;
  }

  find(stream: string): Member | undefined {
    return this.#byName.get(stream);
  }

  isDue(): boolean {
    return performance.now() >= this.#takeAt || this.members.some(({ holdings }) => holdings.hasDue);
  }

  async prepare(): Promise<void> {
    if (this.#missing) await this.#heal();
    if (this.#uncertain) await this.#recover();
    for (const member of this.members) await this.#resumeDue(member);
    if (this.#credits.left > 0 && performance.now() >= this.#takeAt) await this.#take();
  }

  command(streams: readonly string[], count: number, blockMs: number | undefined): Argument[] {
    const { group, consumer } = this.#first;
    const block = blockMs === undefined ? [] : ['BLOCK', Math.min(blockMs, this.#takeIntervalMs)];
    const ids = streams.map(() => '>');
    return ['XREADGROUP', 'GROUP', group, consumer, 'COUNT', count, ...block, 'STREAMS', ...streams, ...ids];
  }

  async receive(stream: string, entries: readonly StreamEntry[]): Promise<void> {
    const member = this.#byName.get(stream);
    if (member === undefined) return;
    const now = performance.now();
    for (const entry of entries) {
      const unusual = this.#hand(member, { entry, count: FETCHED, dueInMs: 0, interrupted: false }, now);
      if (unusual !== undefined) await unusual;
    }
  }

  failed(error: unknown): QueueError {
    if (isNoGroup(error)) this.#missing = true;
    this.#uncertain = true;
    const { group, names } = this.#first;
    return toQueueError(error, `reading ${names.key} as ${group}`, this.#options.endpoint);
  }

  get #first(): GroupStream {
    return (this.members[0] as Member).stream;
  }

  /** Stream or group were deleted: nothing is held any more, and the group starts with all that is there now. */
  async #heal(): Promise<void> {
    this.#logger.warn({ streams: this.streams, group: this.#first.group }, 'queue_group_recreated');
    for (const { stream } of this.members) await stream.create('0');
    this.#missing = false;
  }

  async #recover(): Promise<void> {
    for (const member of this.members) {
      const { stream, holdings } = member;
      const held = await stream.keep();
      const unknown = [...held].filter((id) => holdings.get(id) === undefined);
      const room = unknown.slice(0, this.#credits.left);
      if (room.length > 0) await this.#receiveTaken(member, await stream.resume(room, false));
      if (room.length < unknown.length) return;
    }
    this.#uncertain = false;
  }

  async #resumeDue(member: Member): Promise<void> {
    const { stream, holdings } = member;
    const due = holdings.takeDue(this.#credits.left);
    if (due.length === 0) return;
    // What the answer does not bring is looked up, as what never arrived here.
    for (const id of due) holdings.forget(id);
    await this.#receiveTaken(member, await stream.resume(due, true));
  }

  async #take(): Promise<void> {
    this.#turn += 1;
    for (let index = 0; index < this.members.length && this.#credits.left > 0; index += 1) {
      const member = this.members[(this.#turn + index) % this.members.length] as Member;
      await this.#receiveTaken(member, await member.stream.take(this.#credits.left, this.#options.leaseMs));
    }
    // Without room left there may be more to take.
    if (this.#credits.left > 0) this.#takeAt = performance.now() + this.#takeIntervalMs;
  }

  /** Hands over what is due now and keeps the rest. */
  async #receiveTaken(member: Member, taken: readonly TakenEntry[]): Promise<void> {
    const now = performance.now();
    for (const one of taken) {
      if (one.dueInMs > 0) member.holdings.keep(one.entry.id, one.dueInMs, now);
      else await this.#hand(member, one, now);
    }
  }

  /** Hands an entry over. What it returns is to be awaited before the next one, so that they keep their order. */
  #hand(member: Member, taken: TakenEntry, leasedAt: number): Promise<void> | undefined {
    const { entry } = taken;
    // It was handed over before and is not settled.
    if (member.holdings.get(entry.id) !== undefined) return undefined;
    member.holdings.hand(entry.id, undefined, leasedAt);
    try {
      const payload = decodeEntryPayload(entry);
      if (payload === undefined) return this.#handBytes(member, taken, leasedAt);
      this.#deliver(member, taken, entry, payload, leasedAt);
      return undefined;
    } catch (error) {
      return this.#park(member, taken, error);
    }
  }

  #deliver(
    { stream, holdings }: Member,
    { count, interrupted }: TakenEntry,
    entry: StreamEntry<string | Buffer>,
    payload: RedisDelivery['payload'],
    leasedAt: number,
  ): void {
    const { name, names, group } = stream;
    const origin = { stream: name, key: names.key, group };
    const delivery = toDelivery(origin, entry, payload, decodeCounts(count), interrupted);
    holdings.hand(entry.id, delivery, leasedAt);
    this.#credits.deliver(delivery);
  }

  /** Reads an entry again as bytes, which tell whether its text is what was sent. */
  async #handBytes(member: Member, taken: TakenEntry, leasedAt: number): Promise<void> {
    const { id } = taken.entry;
    try {
      const reply = await this.#connection.callBuffer('XRANGE', member.stream.name, id, id);
      const [entry] = parseEntries<Buffer>(reply);
      const payload = entry && decodeEntryPayload(entry);
      if (entry === undefined || payload === undefined) member.holdings.forget(id);
      else this.#deliver(member, taken, entry, payload, leasedAt);
    } catch (error) {
      await this.#park(member, taken, error);
    }
  }

  /** @throws what went wrong: the entry is then read again, as one whose answer was lost */
  async #park({ stream, holdings }: Member, { entry: { id }, count }: TakenEntry, error: unknown): Promise<void> {
    const { key } = stream.names;
    try {
      if (!(error instanceof SerializationError)) throw error;
      const { name, message } = error;
      const reason = { code: 'UNDECODABLE', name, message };
      await stream.park({ id, retryCount: decodeCounts(count).failures, reason, repeated: true });
      this.#logger.warn({ key, group: stream.group, id, err: error }, 'queue_message_undecodable');
    } finally {
      holdings.forget(id);
    }
  }
}

/** How often a member looks for what others gave back or lost. */
export function takeIntervalMs(leaseMs: number): number {
  return Math.min(TAKE_INTERVAL_MS, Math.ceil(leaseMs / 3));
}
