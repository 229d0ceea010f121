import { type DeadLetter, LeaseLostError } from '@slack-mcp/core';
import type { RedisConnection } from './client.ts';
import { isNoGroup } from './redis-error.ts';
import { joinScript } from './scripts/join.ts';
import { keepScript } from './scripts/keep.ts';
import { RELEASED } from './scripts/pending.ts';
import { resumeScript } from './scripts/resume.ts';
import { ackScript, delayScript, leaveScript, parkScript, releaseScript } from './scripts/settle.ts';
import { takeScript } from './scripts/take.ts';
import { tidyScript } from './scripts/tidy.ts';
import type { StreamEntry } from './stream-entry.ts';
import type { StreamNames } from './stream-names.ts';

/** An entry that was given to this consumer. */
export interface TakenEntry {
  readonly entry: StreamEntry;
  /** This one included. */
  readonly deliveries: number;
  /** Milliseconds until it may be delivered. */
  readonly dueInMs: number;
}

/** What was taken from others. */
export interface Taken {
  readonly entries: readonly TakenEntry[];
  /** Whether there was a message that consumers are suspected to have died of, taken or not. */
  readonly suspects: boolean;
}

/** A message in hand. */
export interface Held {
  readonly id: string;
  /** With the delivery to come; `undefined`: as often as Redis counted. */
  readonly deliveries?: number;
}

/** A message to give back. */
export interface Release {
  readonly id: string;
  /** How often it was handed out; `undefined`: once less than Redis counted. */
  readonly deliveries: number | undefined;
  readonly dueInMs: number;
}

/** Ids that one step at Redis looks at. */
const CHUNK = 500;

/** A stream as one consumer of one group sees it: each method is one step at Redis, or one for each chunk of ids. */
export class GroupStream {
  readonly names: StreamNames;
  /** The stream's name at Redis. */
  readonly name: string;
  /** What was given back to this group, and is nobody else's. */
  readonly isRedrive: boolean;
  readonly group: string;
  readonly consumer: string;
  readonly #connection: RedisConnection;
  readonly #dead: string;
  readonly #delayed: string;
  readonly #nacked: string;

  constructor(connection: RedisConnection, names: StreamNames, group: string, consumer: string, isRedrive: boolean) {
    this.#connection = connection;
    this.names = names;
    this.group = group;
    this.consumer = consumer;
    this.isRedrive = isRedrive;
    this.name = isRedrive ? names.redrive(group) : names.stream;
    this.#dead = names.dead(group);
    this.#delayed = isRedrive ? `${names.delayed(group)}:redrive` : names.delayed(group);
    this.#nacked = isRedrive ? `${names.nacked(group)}redrive:` : names.nacked(group);
  }

  /** Creates stream, group and member where they are missing. */
  async create(start: '0' | '$'): Promise<void> {
    await joinScript.run(this.#connection, [this.name], [this.group, start, this.consumer]);
  }

  /**
   * Takes what others gave back or lost.
   *
   * @param alone - whether it may be a message that consumers are suspected to have died of: it then is the only one
   */
  async take(most: number, leaseMs: number, maxDeliveries: number, alone: boolean): Promise<Taken> {
    const args = [this.group, this.consumer, RELEASED, leaseMs, most, maxDeliveries, this.#flag(this.isRedrive)];
    const keys = [this.name, this.#dead, this.#delayed];
    const reply = await takeScript.run(this.#connection, keys, [...args, this.#nacked, this.#flag(alone)]);
    const [suspects, entries] = reply as [number, unknown];
    return { entries: parseTaken(entries), suspects: suspects === 1 };
  }

  /** Reads again what this consumer holds: what is due, or what it does not know of. */
  async resume(held: readonly Held[]): Promise<TakenEntry[]> {
    const taken: TakenEntry[] = [];
    for (const chunk of chunks(held)) {
      const pairs = chunk.flatMap(({ id, deliveries = 0 }) => [id, deliveries]);
      const args = [this.group, this.consumer, ...pairs];
      taken.push(...parseTaken(await resumeScript.run(this.#connection, [this.name, this.#delayed], args)));
    }
    return taken;
  }

  /** Extends the lease of what this consumer holds. Resolves the ids. */
  async keep(): Promise<Set<string>> {
    const held = new Set<string>();
    for (let start = '-'; ; ) {
      const ids = (await keepScript.run(
        this.#connection,
        [this.name],
        [this.group, this.consumer, start, CHUNK],
      )) as string[];
      for (const id of ids) held.add(id);
      if (ids.length < CHUNK) return held;
      start = `(${ids.at(-1)}`;
    }
  }

  /** Acks without looking whose they are. Not for what was redriven, which also leaves its stream. */
  async ack(ids: readonly string[]): Promise<void> {
    for (const chunk of chunks(ids)) await this.#connection.call('XACK', this.name, this.group, ...chunk);
  }

  /** Acks what this consumer still holds. Resolves the ids that were lost. */
  async ackHeld(ids: readonly string[], repeated: boolean): Promise<Set<string>> {
    const lost = new Set<string>();
    for (const chunk of chunks(ids)) {
      const args = [this.group, this.consumer, this.#flag(this.isRedrive), this.#flag(repeated), ...chunk];
      const missing = (await ackScript.run(this.#connection, [this.name], args)) as string[];
      for (const id of missing) lost.add(id);
    }
    return lost;
  }

  /** @throws LeaseLostError */
  async park(id: string, reason: DeadLetter['reason'], repeated: boolean): Promise<void> {
    const flags = [this.#flag(this.isRedrive), this.#flag(repeated)];
    const args = [this.group, this.consumer, ...flags, id, JSON.stringify(reason)];
    assertHeld(await parkScript.run(this.#connection, [this.name, this.#dead], args));
  }

  /**
   * @param written - whether others must know when it is due, should this consumer die
   * @throws LeaseLostError
   */
  async delay(id: string, dueInMs: number, written: boolean, maxDeliveries: number): Promise<void> {
    const args = [this.group, this.consumer, id, dueInMs, this.#flag(written), maxDeliveries, this.#nacked];
    assertHeld(await delayScript.run(this.#connection, [this.name, this.#delayed], args));
  }

  /** Gives back for whoever asks first. Resolves the ids that were lost. */
  async release(releases: readonly Release[]): Promise<Set<string>> {
    const lost = new Set<string>();
    for (const chunk of chunks(releases)) {
      const triples = chunk.flatMap(({ id, deliveries = -1, dueInMs }) => [id, deliveries, dueInMs]);
      const args = [this.group, this.consumer, RELEASED, ...triples];
      const missing = (await releaseScript.run(this.#connection, [this.name, this.#delayed], args)) as string[];
      for (const id of missing) lost.add(id);
    }
    return lost;
  }

  /** Removes this consumer from the group if it holds nothing. */
  async leave(): Promise<void> {
    await this.#remove(this.consumer, 0);
  }

  /** Removes members that have been silent for so long and hold nothing. */
  async removeSilent(silentMs: number): Promise<void> {
    const rows = (await this.#connection.call('XINFO', 'CONSUMERS', this.name, this.group)) as (string | number)[][];
    for (const row of rows) {
      const name = String(row[row.indexOf('name') + 1]);
      const pending = row[row.indexOf('pending') + 1];
      const idle = Number(row[row.indexOf('idle') + 1]);
      if (name !== this.consumer && pending === 0 && idle >= silentMs) await this.#remove(name, silentMs);
    }
  }

  /** Trims history that no group is owed. */
  async trim(maxLength: number, retentionMs: number): Promise<void> {
    await tidyScript.run(this.#connection, [this.name, this.names.counted], [maxLength, retentionMs]);
  }

  async #remove(consumer: string, silentMs: number): Promise<void> {
    await leaveScript.run(this.#connection, [this.name], [this.group, consumer, silentMs]);
  }

  #flag(value: boolean): number {
    return value ? 1 : 0;
  }
}

/** What a step says when stream or group are gone: nobody holds anything there. */
export function toLeaseLost(error: unknown): unknown {
  return isNoGroup(error) ? lost(error) : error;
}

function assertHeld(answer: unknown): void {
  if (answer === 0) throw lost();
}

function lost(cause?: unknown): LeaseLostError {
  return new LeaseLostError('this consumer no longer holds the message: it was or will be delivered again', { cause });
}

function parseTaken(reply: unknown): TakenEntry[] {
  return (reply as [string, number, number, string[]][]).map(([id, deliveries, dueInMs, fields]) => ({
    entry: { id, fields },
    deliveries,
    dueInMs,
  }));
}

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += CHUNK) yield items.slice(start, start + CHUNK);
}
