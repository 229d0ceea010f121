import { type DeliverySink, type Logger, type QueueError, SerializationError } from '@slack-mcp/core';
import type { Argument, RedisConnection } from './client.ts';
import type { GroupStream, TakenEntry } from './group-stream.ts';
import { Holdings } from './holdings.ts';
import type { ResolvedOptions } from './options.ts';
import type { Quarantine } from './quarantine.ts';
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

/** What one member of a group reads: new messages, what others gave back or lost, and what is due again. */
export class GroupFeed implements Feed {
  readonly streams: readonly string[];
  readonly members: readonly Member[];
  readonly #byName: ReadonlyMap<string, Member>;
  readonly #connection: RedisConnection;
  readonly #options: ResolvedOptions;
  readonly #sink: DeliverySink<RedisDelivery>;
  readonly #quarantine: Quarantine;
  readonly #logger: Logger;
  readonly #takeIntervalMs: number;
  #takeAt = 0;
  #turn = 0;
  /** An answer was lost: what it gave may be held without being known here. */
  #uncertain = false;
  #missing = false;

  constructor(
    streams: readonly GroupStream[],
    connection: RedisConnection,
    options: ResolvedOptions,
    sink: DeliverySink<RedisDelivery>,
    quarantine: Quarantine,
    onDue: () => void,
  ) {
    this.members = streams.map((stream) => ({ stream, holdings: new Holdings(onDue, () => quarantine.look()) }));
    for (const { holdings } of this.members) quarantine.watch(holdings);
    this.#byName = new Map(this.members.map((member) => [member.stream.name, member]));
    this.streams = [...this.#byName.keys()];
    this.#connection = connection;
    this.#options = options;
    this.#sink = sink;
    this.#quarantine = quarantine;
    this.#logger = options.logger;
    this.#takeIntervalMs = takeIntervalMs(options.leaseMs);
  }

  /** Has what is held looked up before the next read: Redis gave more than arrived here. */
  doubt(): void {
    this.#uncertain = true;
  }

  find(stream: string): Member | undefined {
    return this.#byName.get(stream);
  }

  isDue(): boolean {
    return performance.now() >= this.#takeAt || this.members.some(({ holdings }) => holdings.hasDue);
  }

  async prepare(free: number): Promise<void> {
    if (this.#missing) await this.#heal();
    if (this.#uncertain) await this.#recover();
    let room = free;
    for (const member of this.members) if (room > 0) room -= await this.#resumeDue(member, room);
    if (room > 0 && performance.now() >= this.#takeAt) await this.#take(room);
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
      const unusual = this.#hand(member, entry, 1, now);
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

  /** Stream or group were deleted: nothing is held any more, and all that is there now is owed. */
  async #heal(): Promise<void> {
    this.#logger.warn({ streams: this.streams, group: this.#first.group }, 'queue_group_recreated');
    for (const { stream } of this.members) await stream.create('0');
    this.#missing = false;
  }

  async #recover(): Promise<void> {
    for (const member of this.members) {
      const { stream, holdings } = member;
      const held = await stream.keep();
      const unknown = [...held].filter((id) => holdings.get(id) === undefined).map((id) => ({ id }));
      if (unknown.length > 0) await this.#receiveTaken(member, await stream.resume(unknown));
    }
    this.#uncertain = false;
  }

  async #resumeDue(member: Member, room: number): Promise<number> {
    const { stream, holdings } = member;
    const due = holdings.due(room);
    if (due.length === 0) return 0;
    const taken = await stream.resume(due);
    for (const { id } of due) holdings.forget(id);
    return this.#receiveTaken(member, taken);
  }

  async #take(free: number): Promise<void> {
    let room = free;
    this.#turn += 1;
    const { leaseMs, maxDeliveries } = this.#options;
    for (let index = 0; index < this.members.length && room > 0; index += 1) {
      const member = this.members[(this.#turn + index) % this.members.length] as Member;
      const { entries, suspects } = await member.stream.take(room, leaseMs, maxDeliveries, this.#quarantine.isEmpty());
      room -= await this.#receiveTaken(member, entries);
      // The next look is once nothing is in hand.
      if (suspects && this.#quarantine.begin()) return;
    }
    // Without room left there may be more to take.
    if (room > 0) this.#takeAt = performance.now() + this.#takeIntervalMs;
  }

  /** Hands over what is due now and keeps the rest. Resolves how many were handed over. */
  async #receiveTaken(member: Member, taken: readonly TakenEntry[]): Promise<number> {
    const now = performance.now();
    let handed = 0;
    for (const { entry, deliveries, dueInMs } of taken) {
      if (dueInMs > 0) {
        member.holdings.keep(entry.id, dueInMs, deliveries, now);
        continue;
      }
      await this.#hand(member, entry, deliveries, now);
      handed += 1;
    }
    return handed;
  }

  /** Hands an entry over. What it returns is to be awaited before the next one, so that they keep their order. */
  #hand(member: Member, entry: StreamEntry, deliveries: number, leasedAt: number): Promise<void> | undefined {
    // What is in hand stays in hand.
    if (member.holdings.get(entry.id) !== undefined) return undefined;
    member.holdings.hand(entry.id, undefined, leasedAt);
    try {
      const payload = decodeEntryPayload(entry);
      if (payload === undefined) return this.#handBytes(member, entry.id, deliveries);
      this.#deliver(member, entry, payload, deliveries);
      return undefined;
    } catch (error) {
      return this.#park(member, entry.id, error);
    }
  }

  #deliver(
    member: Member,
    entry: StreamEntry<string | Buffer>,
    payload: RedisDelivery['payload'],
    deliveries: number,
  ): void {
    const { name, names, group } = member.stream;
    const delivery = toDelivery({ stream: name, key: names.key, group }, entry, payload, deliveries - 1);
    const holding = member.holdings.get(entry.id);
    if (holding !== undefined) holding.delivery = delivery;
    this.#sink.deliver(delivery);
  }

  /** Reads an entry again as bytes, which tell whether its text is what was sent. */
  async #handBytes(member: Member, id: string, deliveries: number): Promise<void> {
    try {
      const reply = await this.#connection.callBuffer('XRANGE', member.stream.name, id, id);
      const [entry] = parseEntries<Buffer>(reply);
      const payload = entry && decodeEntryPayload(entry);
      if (entry === undefined || payload === undefined) member.holdings.forget(id);
      else this.#deliver(member, entry, payload, deliveries);
    } catch (error) {
      await this.#park(member, id, error);
    }
  }

  /** @throws what went wrong: the entry is then read again, as one whose answer was lost */
  async #park({ stream, holdings }: Member, id: string, error: unknown): Promise<void> {
    const { key } = stream.names;
    try {
      if (!(error instanceof SerializationError)) throw error;
      const { name, message } = error;
      await stream.park(id, { code: 'UNDECODABLE', name, message }, true);
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
