import {
  ConfigurationError,
  type DeadLetter,
  type DeadLetters,
  decodePayload,
  type QueueKey,
  type QueuePayload,
} from '@slack-mcp/core';
import type { RedisConnection } from './client.ts';
import type { ResolvedOptions } from './options.ts';
import { readParked } from './parked-entry.ts';
import { toQueueError } from './redis-error.ts';
import { redriveScript } from './scripts/dead-letters.ts';
import { dataOf, decodeEntryMetadata, type StreamEntry } from './stream-entry.ts';
import { StreamNames } from './stream-names.ts';
import { compareIds, isEntryId, parseEntries } from './stream-reply.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
/** Messages that one script call moves. */
const CHUNK = 100;

interface Parked {
  readonly names: StreamNames;
  readonly entry: StreamEntry<Buffer>;
}

/** The dead letters of a group for some keys. Each key has a stream of unchanged entries. */
export class RedisDeadLetters implements DeadLetters {
  readonly #connect: () => RedisConnection;
  readonly #options: ResolvedOptions;
  readonly #group: string;
  readonly #names: readonly StreamNames[];

  constructor(connect: () => RedisConnection, options: ResolvedOptions, group: string, keys: readonly QueueKey[]) {
    this.#connect = connect;
    this.#options = options;
    this.#group = group;
    this.#names = [...new Set(keys)].sort().map((key) => new StreamNames(options.prefix, key));
  }

  async list(options: { limit?: number; cursor?: string } = {}): Promise<{ items: DeadLetter[]; cursor?: string }> {
    const { limit = DEFAULT_LIMIT, cursor } = options;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw new ConfigurationError(`limit must be an integer from 1 to ${MAX_LIMIT} (for example { limit: 100 })`);
    }
    const after = cursor === undefined ? undefined : parseId(cursor);
    if (cursor !== undefined && after === undefined)
      throw new ConfigurationError('cursor must be a cursor that list() returned');
    const pages = await this.#each('listing the dead letters', (connection, names) =>
      this.#page(connection, names, after, limit + 1),
    );
    const found = pages
      .flat()
      .sort((a, b) => compareIds(a.entry.id, b.entry.id) || (a.names.key < b.names.key ? -1 : 1));
    const page = found.slice(0, limit);
    const items = page.map((parked) => this.#describe(parked));
    const last = items.at(-1);
    return found.length > limit && last !== undefined ? { items, cursor: last.id } : { items };
  }

  redrive(ids: readonly string[] | 'all'): Promise<number> {
    return this.#sum('redriving', ids, async (connection, names, chosen, upTo) => {
      const keys = [names.dead(this.#group), names.redrive(this.#group)];
      return (await redriveScript.run(connection, keys, [this.#group, upTo, CHUNK, ...chosen])) as number;
    });
  }

  purge(ids: readonly string[] | 'all'): Promise<number> {
    return this.#sum('purging', ids, async (connection, names, chosen, upTo) => {
      const dead = names.dead(this.#group);
      const doomed = chosen.length > 0 ? chosen : (await oldest(connection, dead, upTo)).map((entry) => entry.id);
      return doomed.length === 0 ? 0 : ((await connection.call('XDEL', dead, ...doomed)) as number);
    });
  }

  async #page(
    connection: RedisConnection,
    names: StreamNames,
    after: ParsedId | undefined,
    count: number,
  ): Promise<Parked[]> {
    // Entries of two streams can have the same id. The key then decides their order.
    const passed = after !== undefined && names.key <= after.key;
    const start = after === undefined ? '-' : passed ? `(${after.id}` : after.id;
    const reply = await connection.callBuffer('XRANGE', names.dead(this.#group), start, '+', 'COUNT', count);
    return parseEntries<Buffer>(reply).map((entry) => ({ names, entry }));
  }

  async #sum(
    doing: string,
    ids: readonly string[] | 'all',
    step: (connection: RedisConnection, names: StreamNames, chosen: readonly string[], upTo: string) => Promise<number>,
  ): Promise<number> {
    if (ids !== 'all' && !Array.isArray(ids)) {
      throw new ConfigurationError(`ids must be 'all' or an array of ids that list() returned`);
    }
    const parsed = ids === 'all' ? [] : [...new Set(ids)].map(parseId).filter((id) => id !== undefined);
    const counts = await this.#each(doing, async (connection, names) => {
      let total = 0;
      if (ids !== 'all') {
        const chosen = parsed.filter(({ key }) => key === names.key).map(({ id }) => id);
        for (let start = 0; start < chosen.length; start += CHUNK) {
          total += await step(connection, names, chosen.slice(start, start + CHUNK), '+');
        }
        return total;
      }
      const [last] = parseEntries(await connection.call('XREVRANGE', names.dead(this.#group), '+', '-', 'COUNT', 1));
      if (last === undefined) return 0;
      // Messages parked from now on are not included.
      for (;;) {
        const count = await step(connection, names, [], last.id);
        total += count;
        if (count === 0) return total;
      }
    });
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async #each<T>(doing: string, run: (connection: RedisConnection, names: StreamNames) => Promise<T>): Promise<T[]> {
    const connection = this.#connect();
    const results: T[] = [];
    for (const names of this.#names) {
      try {
        results.push(await run(connection, names));
      } catch (error) {
        throw toQueueError(error, `${doing} of ${this.#group} under ${names.key}`, this.#options.endpoint);
      }
    }
    return results;
  }

  #describe({ names, entry }: Parked): DeadLetter {
    const { about, fields } = readParked(entry);
    const { messageId, timestamp, orderingKey, headers } = decodeEntryMetadata({ id: about.id, fields });
    return {
      id: `${entry.id}:${names.key}`,
      messageId,
      key: names.key,
      group: this.#group,
      ...content(dataOf(fields)),
      headers,
      ...(orderingKey === undefined ? {} : { orderingKey }),
      timestamp,
      deadLetteredAt: about.at,
      retryCount: about.retryCount,
      reason: about.reason,
    };
  }
}

async function oldest(connection: RedisConnection, dead: string, upTo: string): Promise<StreamEntry[]> {
  return parseEntries(await connection.call('XRANGE', dead, '-', upTo, 'COUNT', CHUNK));
}

function content(data: Buffer | undefined): { payload: QueuePayload } | { raw: Uint8Array } {
  try {
    return { payload: decodePayload(data ?? '') };
  } catch {
    return { raw: new Uint8Array(data ?? []) };
  }
}

interface ParsedId {
  readonly id: string;
  readonly key: QueueKey;
}

function parseId(text: string): ParsedId | undefined {
  const separator = text.indexOf(':');
  const id = text.slice(0, separator);
  return separator > 0 && isEntryId(id) ? { id, key: text.slice(separator + 1) } : undefined;
}
