import { randomUUID } from 'node:crypto';
import { QueueClosedError } from '@slack-mcp/core';
import pg from 'pg';
import type { PostgresOptions } from './options.ts';
import { problemOf } from './problem.ts';
import { EXISTS, SCHEMA } from './schema.ts';
import * as sql from './statements.ts';

/** A message as PostgreSQL stores it. */
export interface StoredMessage {
  readonly key: string;
  readonly messageId: string;
  readonly body: Uint8Array;
  /** Alternating names and values. */
  readonly fields: readonly string[];
}

/** A row of one group. */
export interface Entry {
  readonly position: number;
  readonly message: StoredMessage;
  readonly failures: number;
  readonly begun: number;
}

/** A row that a consumer owns. */
export interface OwnedEntry extends Entry {
  /** Changes with each delivery. */
  readonly owner: string;
  /** Whether another consumer owned the row and did not settle it. */
  readonly interrupted: boolean;
}

export interface ParkedEntry extends Entry {
  readonly parked: number;
  readonly record: string;
}

interface Row {
  readonly position: number;
  readonly key: string;
  readonly message_id: Buffer;
  readonly body: Buffer;
  readonly fields: string;
  readonly failures: number;
  readonly begun: number;
  readonly interrupted: boolean;
  readonly parked: number;
  readonly record: string;
}

/** Milliseconds after which a request without an answer fails. */
const REQUEST_MS = 5_000;

/** The requests to PostgreSQL. Connects on first use. */
export class PostgresClient {
  readonly #pool: pg.Pool;
  /** Leases must not wait for other requests. */
  readonly #renewals: pg.Pool;
  readonly #space: string;
  readonly #endpoint: string;
  readonly #leaseMs: number;
  #schema: Promise<unknown> | undefined;
  #closed = false;

  constructor({ url, prefix, leaseMs, timeoutMs }: PostgresOptions) {
    this.#space = prefix;
    this.#leaseMs = leaseMs;
    const { host } = new URL(url);
    this.#endpoint = `postgres://${host}`;
    const requestMs = Math.min(REQUEST_MS, timeoutMs);
    const settings: pg.PoolConfig = {
      connectionString: url,
      application_name: `slack-mcp:${prefix}`.slice(0, 63),
      connectionTimeoutMillis: requestMs,
      query_timeout: requestMs,
      allowExitOnIdle: true,
    };
    this.#pool = new pg.Pool({ ...settings, max: 4 });
    this.#renewals = new pg.Pool({ ...settings, max: 1 });
    // A connection that is lost while idle. The next request opens another.
    for (const pool of [this.#pool, this.#renewals]) pool.on('error', () => {});
  }

  /** Whether the server refuses writes, or is a replica. */
  async refusesWrites(): Promise<boolean> {
    const [row] = await this.#ask<{ refuses_writes: boolean }>('checking the health', sql.HEALTH, []);
    return row?.refuses_writes === true;
  }

  /**
   * Joins over the connection for renewals, so that this connection is open before the first message arrives.
   *
   * @param aliveMs - the group ends if it is not joined again within this time; by default, it does not end
   */
  async join(group: string, keys: readonly string[], aliveMs?: number): Promise<void> {
    await this.#run('joining a group', sql.JOIN, [this.#space, group, keys, aliveMs ?? null], this.#renewals);
  }

  async removeGroup(group: string): Promise<void> {
    await this.#ask('removing a group', sql.REMOVE_GROUP, [this.#space, group]);
  }

  /** Resolves with whether each message has a group that receives it. */
  async store(messages: readonly StoredMessage[]): Promise<boolean[]> {
    const columns = [
      messages.map(({ key }) => key),
      messages.map(({ messageId }) => Buffer.from(messageId)),
      messages.map(({ body }) => Buffer.from(body)),
      messages.map(({ fields }) => JSON.stringify(fields)),
    ];
    const rows = await this.#ask<{ routed: boolean }>('publishing', sql.STORE, [this.#space, ...columns]);
    return rows.map(({ routed }) => routed);
  }

  async take(group: string, keys: readonly string[], limit: number): Promise<OwnedEntry[]> {
    const owner = randomUUID();
    const values = [this.#space, group, keys, limit, owner, this.#leaseMs];
    const rows = await this.#ask<Row>('reading', sql.TAKE, values);
    const entries = rows.map((row) => ({ ...entryOf(row), owner, interrupted: row.interrupted }));
    return entries.sort((a, b) => a.position - b.position);
  }

  /** This method and the next four resolve with the positions that the consumer owned. */
  renew(entries: readonly OwnedEntry[]): Promise<Set<number>> {
    return this.#settle('renewing leases', sql.RENEW, entries, [this.#leaseMs], this.#renewals);
  }

  begin(entries: readonly OwnedEntry[]): Promise<Set<number>> {
    const counts = entries.map(({ begun }) => begun + 1);
    return this.#settle('counting deliveries', sql.BEGIN, entries, [counts]);
  }

  ack(entries: readonly OwnedEntry[]): Promise<Set<number>> {
    return this.#settle('acking', sql.ACK, entries);
  }

  giveBack(entries: readonly OwnedEntry[], delayMs: number): Promise<Set<number>> {
    const counts = [entries.map(({ failures }) => failures), entries.map(({ begun }) => begun)];
    return this.#settle('returning messages', sql.GIVE_BACK, entries, [...counts, delayMs]);
  }

  park(entry: OwnedEntry, record: string): Promise<Set<number>> {
    return this.#settle('parking a message', sql.PARK, [entry], [record]);
  }

  find(positions: readonly number[]): Promise<{ position: number; failures: number; parked: number | null }[]> {
    return this.#ask('settling', sql.FIND, [this.#space, positions]);
  }

  async parked(group: string, key: string, from: number, limit: number): Promise<ParkedEntry[]> {
    const rows = await this.#ask<Row>('listing dead letters', sql.PARKED, [this.#space, group, key, from, limit]);
    return rows.map((row) => ({ ...entryOf(row), parked: row.parked, record: row.record }));
  }

  async newest(group: string, key: string): Promise<number | undefined> {
    const values = [this.#space, group, key];
    const [row] = await this.#ask<{ parked: number | null }>('listing dead letters', sql.NEWEST, values);
    return row?.parked ?? undefined;
  }

  redrive(group: string, key: string, parked: readonly number[]): Promise<number> {
    return this.#count('redriving dead letters', sql.REDRIVE, [this.#space, group, key, parked]);
  }

  purge(group: string, key: string, parked: readonly number[]): Promise<number> {
    return this.#count('purging dead letters', sql.PURGE, [this.#space, group, key, parked]);
  }

  async sweep(): Promise<void> {
    await this.#ask('removing expired rows', sql.SWEEP, [this.#space]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#pool.end(), this.#renewals.end()]);
  }

  async #settle(
    doing: string,
    text: string,
    entries: readonly OwnedEntry[],
    more: readonly unknown[] = [],
    pool: pg.Pool = this.#pool,
  ): Promise<Set<number>> {
    const ids = entries.map(({ position }) => position);
    const owners = entries.map(({ owner }) => owner);
    const { rows } = await this.#run(doing, text, [this.#space, ids, owners, ...more], pool);
    return new Set(rows.map(({ position }) => position as number));
  }

  async #ask<T>(doing: string, text: string, values: unknown[]): Promise<T[]> {
    return (await this.#run(doing, text, values)).rows as T[];
  }

  async #count(doing: string, text: string, values: unknown[]): Promise<number> {
    return (await this.#run(doing, text, values)).rowCount ?? 0;
  }

  async #run(doing: string, text: string, values: unknown[], pool = this.#pool): Promise<pg.QueryResult> {
    if (this.#closed) throw new QueueClosedError('the connection to PostgreSQL is closed');
    try {
      await this.#createTables();
      return await pool.query(text, values);
    } catch (error) {
      throw problemOf(error, `${doing} at ${this.#endpoint}`);
    }
  }

  /** Checks first, because the statements would wait for all writers even if the tables exist. */
  async #createMissing(): Promise<void> {
    const { rows } = await this.#pool.query(EXISTS);
    if (rows[0]?.exists !== true) await this.#pool.query(SCHEMA);
  }

  async #createTables(): Promise<void> {
    this.#schema ??= this.#createMissing();
    try {
      await this.#schema;
    } catch (error) {
      this.#schema = undefined;
      throw error;
    }
  }
}

function entryOf({ position, key, message_id, body, fields, failures, begun }: Row): Entry {
  const message = { key, messageId: message_id.toString(), body, fields: parseFields(fields) };
  return { position, message, failures, begun };
}

/** Never throws: another program may have written the row. */
function parseFields(text: string): string[] {
  try {
    const fields: unknown = JSON.parse(text);
    return Array.isArray(fields) ? fields.map(String) : [];
  } catch {
    return [];
  }
}
