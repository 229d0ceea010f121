import { type DeadLetter, LeaseLostError } from '@slack-mcp/core';
import type { Argument, RedisConnection } from './client.ts';
import type { Script } from './script.ts';
import { beginScript } from './scripts/begin.ts';
import { joinScript } from './scripts/join.ts';
import { keepScript } from './scripts/keep.ts';
import { RELEASED } from './scripts/pending.ts';
import { resumeScript } from './scripts/resume.ts';
import { ackScript, delayScript, leaveScript, parkScript, releaseScript } from './scripts/settle.ts';
import { takeScript } from './scripts/take.ts';
import { tidyScript } from './scripts/tidy.ts';
import type { StreamEntry } from './stream-entry.ts';
import type { StreamNames } from './stream-names.ts';

/** An entry that is assigned to this consumer. */
export interface TakenEntry {
  readonly entry: StreamEntry;
  /** The delivery count that Redis stores, which `decodeCounts` decodes. */
  readonly count: number;
  /** Milliseconds until the entry may be delivered. */
  readonly dueInMs: number;
  /** Whether the previous consumer disappeared while it held the entry. */
  readonly interrupted: boolean;
}

/** A message to release. */
export interface Release {
  readonly id: string;
  /** The new delivery count, or 0 to keep the count that Redis stores. */
  readonly count: number;
  readonly dueInMs: number;
}

/** A message to park. `fields` is used if the entry was deleted from the stream. */
export interface Parking {
  readonly id: string;
  readonly retryCount: number;
  readonly reason: DeadLetter['reason'];
  readonly fields?: readonly Argument[];
  /** Whether an earlier attempt may have succeeded. */
  readonly repeated?: boolean;
}

/** A script, with the items that it processes in chunks. */
type EachStep<T> = [
  script: Script,
  keys: readonly string[],
  args: readonly Argument[],
  items: readonly T[],
  encode: (item: T) => Argument[],
];

/** Maximum number of ids that one script call handles. */
const CHUNK = 500;

/**
 * The commands of one group member on one stream. Each method is one atomic step at Redis, or one atomic step for each
 * chunk of ids.
 */
export class GroupStream {
  readonly names: StreamNames;
  /** The stream's name at Redis. */
  readonly name: string;
  /** Whether the stream contains messages that were redriven to this group. */
  readonly isRedrive: boolean;
  readonly group: string;
  readonly consumer: string;
  readonly #connection: RedisConnection;
  readonly #dead: string;
  readonly #delayed: string;

  constructor(connection: RedisConnection, names: StreamNames, group: string, consumer: string, isRedrive: boolean) {
    this.#connection = connection;
    this.names = names;
    this.group = group;
    this.consumer = consumer;
    this.isRedrive = isRedrive;
    this.name = isRedrive ? names.redrive(group) : names.stream;
    this.#dead = names.dead(group);
    this.#delayed = isRedrive ? `${names.delayed(group)}:redrive` : names.delayed(group);
  }

  /** Creates the stream, the group and this member if they do not exist. */
  async create(start: '0' | '$'): Promise<void> {
    await Promise.all([
      joinScript.run(this.#connection, [this.name], [this.group, start, this.consumer]),
      // Loads the script, so that counting the first delivery takes a single round trip.
      beginScript.run(this.#connection, [this.name], [this.group, this.consumer]),
    ]);
  }

  /** Assigns to this consumer the messages that other consumers released or lost, and returns them. */
  async take(most: number, leaseMs: number): Promise<TakenEntry[]> {
    const args = [this.group, this.consumer, RELEASED, leaseMs, most];
    return parseTaken(await takeScript.run(this.#connection, [this.name, this.#delayed], args));
  }

  /**
   * Rereads messages that this consumer holds. With `due`, returns the messages as due now, even if Redis stores a
   * later time.
   */
  async resume(ids: readonly string[], due: boolean): Promise<TakenEntry[]> {
    const replies = await this.#each(resumeScript, [this.name, this.#delayed], [flag(due)], ids, (id) => [id]);
    return parseTaken(replies);
  }

  /** Extends the lease of all messages that this consumer holds, and resolves to the ids of the messages. */
  async keep(): Promise<Set<string>> {
    const held = new Set<string>();
    for (let start = '-'; ; ) {
      const args = [this.group, this.consumer, start, CHUNK];
      const ids = (await keepScript.run(this.#connection, [this.name], args)) as string[];
      for (const id of ids) held.add(id);
      if (ids.length < CHUNK) return held;
      start = `(${ids.at(-1)}`;
    }
  }

  /** Records in Redis that the delivery of messages has begun. Resolves to the ids that this consumer has lost. */
  begin(begun: readonly { id: string; count: number }[]): Promise<Set<string>> {
    return this.#lost(beginScript, [this.name], [], begun, ({ id, count }) => [id, count]);
  }

  /**
   * Acknowledges messages without checking their owner. Do not use `ack` for redriven messages, whose entries must also
   * be deleted.
   */
  async ack(ids: readonly string[]): Promise<void> {
    for (const chunk of chunks(ids)) await this.#connection.call('XACK', this.name, this.group, ...chunk);
  }

  /** Acknowledges the messages that this consumer still holds. Resolves to the ids that this consumer has lost. */
  ackHeld(ids: readonly string[], repeated: boolean): Promise<Set<string>> {
    return this.#lost(ackScript, [this.name], [flag(this.isRedrive), flag(repeated)], ids, (id) => [id]);
  }

  /** @throws LeaseLostError - this consumer no longer holds the message */
  async park({ id, retryCount, reason, fields = [], repeated = false }: Parking): Promise<void> {
    const args = [this.group, this.consumer, flag(this.isRedrive), flag(repeated), id, retryCount];
    const park = (more: readonly Argument[]): Promise<unknown> =>
      parkScript.run(this.#connection, [this.name, this.#dead], [...args, JSON.stringify(reason), ...more]);
    const answer = await park([]);
    assertHeld(answer === DELETED && fields.length > 0 ? await park(fields) : answer);
  }

  /**
   * @param written - whether to store the due time, so that another member can read it if this consumer dies
   * @returns false if the entry was deleted from the stream
   * @throws LeaseLostError - this consumer no longer holds the message
   */
  async delay(id: string, count: number, dueInMs: number, written: boolean): Promise<boolean> {
    const args = [this.group, this.consumer, id, count, dueInMs, flag(written)];
    const answer = await delayScript.run(this.#connection, [this.name, this.#delayed], args);
    assertHeld(answer);
    return answer !== DELETED;
  }

  /** Releases messages to the first member that asks. Resolves to the ids that this consumer has lost. */
  release(releases: readonly Release[]): Promise<Set<string>> {
    const keys = [this.name, this.#delayed];
    return this.#lost(releaseScript, keys, [RELEASED], releases, ({ id, count, dueInMs }) => [id, count, dueInMs]);
  }

  /** Removes this consumer from the group if it holds no messages. */
  async leave(): Promise<void> {
    await this.#remove(this.consumer, 0);
  }

  /** Removes members that hold no messages and have been silent for `silentMs`. */
  async removeSilent(silentMs: number): Promise<void> {
    const rows = (await this.#connection.call('XINFO', 'CONSUMERS', this.name, this.group)) as (string | number)[][];
    for (const row of rows) {
      const name = String(row[row.indexOf('name') + 1]);
      const pending = row[row.indexOf('pending') + 1];
      const idle = Number(row[row.indexOf('idle') + 1]);
      if (name !== this.consumer && pending === 0 && idle >= silentMs) await this.#remove(name, silentMs);
    }
  }

  /** Trims history that every group has acknowledged. */
  async trim(maxLength: number, retentionMs: number): Promise<void> {
    await tidyScript.run(this.#connection, [this.name, this.names.counted], [maxLength, retentionMs]);
  }

  async #remove(consumer: string, silentMs: number): Promise<void> {
    await leaveScript.run(this.#connection, [this.name], [this.group, consumer, silentMs]);
  }

  async #lost<T>(...step: EachStep<T>): Promise<Set<string>> {
    return new Set((await this.#each(...step)) as string[]);
  }

  /** Runs a script once for each chunk of items. Resolves to the results of all runs. */
  async #each<T>(...[script, keys, args, items, encode]: EachStep<T>): Promise<unknown[]> {
    const results: unknown[] = [];
    for (const chunk of chunks(items)) {
      const all = [this.group, this.consumer, ...args, ...chunk.flatMap(encode)];
      results.push(...((await script.run(this.#connection, keys, all)) as unknown[]));
    }
    return results;
  }
}

/** The result of a script if the entry was deleted from the stream. */
const DELETED = 2;

function assertHeld(answer: unknown): void {
  if (answer === 0) {
    throw new LeaseLostError('this consumer no longer holds the message: another delivery has begun or will follow');
  }
}

function flag(value: boolean): number {
  return value ? 1 : 0;
}

function parseTaken(reply: unknown): TakenEntry[] {
  return (reply as [string, number, number, number, string[]][]).map(([id, count, dueInMs, interrupted, fields]) => ({
    entry: { id, fields },
    count,
    dueInMs,
    interrupted: interrupted === 1,
  }));
}

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += CHUNK) yield items.slice(start, start + CHUNK);
}
