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

/** A stream and the messages that this consumer holds from it. */
export interface Member {
  readonly stream: GroupStream;
  readonly holdings: Holdings;
}

/** Longest time between two checks for messages that other consumers released or lost, in milliseconds. */
const TAKE_INTERVAL_MS = 1_000;
/** The delivery count that Redis assigns to a message when it is first fetched. */
const FETCHED = 1;

/**
 * Reads the messages of a group member: new messages, messages that other members released or lost, and messages that
 * are due again.
 */
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
  /** Whether a reply was lost. Messages that Redis has assigned to this consumer may then be missing. */
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

  /**
   * Makes the feed check, before its next read, whether messages that Redis has assigned to this consumer never
   * arrived.
   */
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

  /**
   * Creates the group again after the stream or the group was deleted. The group starts at the beginning of the stream.
   */
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
    // Entries missing from the reply are looked up later, like messages that were never received.
    for (const id of due) holdings.forget(id);
    await this.#receiveTaken(member, await stream.resume(due, true));
  }

  async #take(): Promise<void> {
    const { length } = this.members;
    const { left } = this.#credits;
    const asked = Array.from(
      { length: Math.min(left, length) },
      (_, index) => this.members[(this.#turn + index) % length] as Member,
    );
    this.#turn += asked.length;
    // All streams are asked in one round trip, each for an equal share of the room.
    const share = Math.floor(left / asked.length);
    const replies = await Promise.allSettled(asked.map(({ stream }) => stream.take(share, this.#options.leaseMs)));
    let hasMore = asked.length < length;
    for (const [index, reply] of replies.entries()) {
      if (reply.status === 'rejected') continue;
      await this.#receiveTaken(asked[index] as Member, reply.value);
      hasMore ||= reply.value.length >= share;
    }
    const failure = replies.find((reply) => reply.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    if (!hasMore) this.#takeAt = performance.now() + this.#takeIntervalMs;
  }

  /** Delivers the entries that are due and keeps the other entries until they are due. */
  async #receiveTaken(member: Member, taken: readonly TakenEntry[]): Promise<void> {
    const now = performance.now();
    for (const one of taken) {
      if (one.dueInMs > 0) member.holdings.keep(one.entry.id, one.dueInMs, now);
      else await this.#hand(member, one, now);
    }
  }

  /** Delivers an entry. To keep the order, await a returned promise before you deliver the next entry. */
  #hand(member: Member, taken: TakenEntry, leasedAt: number): Promise<void> | undefined {
    const { entry } = taken;
    // This consumer already holds the message and has not settled it.
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

  /** Reads an entry again as bytes to check whether its text is valid UTF-8, and delivers it. */
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

  /** @throws the cause - parking failed; the entry is then read again */
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

/** Milliseconds between two checks for messages that other consumers released or lost. */
export function takeIntervalMs(leaseMs: number): number {
  return Math.min(TAKE_INTERVAL_MS, Math.ceil(leaseMs / 3));
}
