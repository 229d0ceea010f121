import type { DeadLetter, DeadLetters } from '../contract/dead-letters.ts';
import { ConfigurationError } from '../contract/errors.ts';
import { assertGroup, assertKey } from '../contract/keys.ts';
import type { QueueKey } from '../contract/queue-key.ts';
import type { QueuePayload } from '../contract/queue-payload.ts';
import { decodePayload } from '../publishing/payload.ts';
import { formatParkedId, type ParkedPlace, parseParkedId } from './parked-id.ts';
import type { Parked, ParkedStore } from './parked-store.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
/** Maximum number of messages that one call of the store moves or deletes. */
const CHUNK = 100;

/**
 * Implements {@link DeadLetters} for a group on top of the parked messages of each key. Adds paging across all keys,
 * ids of dead letters, and the value `all` for `redrive` and `purge`.
 *
 * @param open - returns the store for one call; throws a `QueueClosedError` if the backend is closed
 * @throws ConfigurationError - the group or a key is malformed
 */
export function createDeadLetters<P extends Parked>(
  open: () => ParkedStore<P>,
  { group, keys }: { group: string; keys: readonly QueueKey[] },
): DeadLetters {
  assertGroup(group);
  keys.forEach(assertKey);
  return new StoredDeadLetters(open, group, [...new Set(keys)].sort());
}

interface Found<P> extends ParkedPlace {
  readonly parked: P;
}

type Step = (key: QueueKey, positions: readonly string[]) => Promise<number>;

class StoredDeadLetters<P extends Parked> implements DeadLetters {
  readonly #open: () => ParkedStore<P>;
  readonly #group: string;
  readonly #keys: readonly QueueKey[];

  constructor(open: () => ParkedStore<P>, group: string, keys: readonly QueueKey[]) {
    this.#open = open;
    this.#group = group;
    this.#keys = keys;
  }

  async list(options: { limit?: number; cursor?: string } = {}): Promise<{ items: DeadLetter[]; cursor?: string }> {
    const { limit = DEFAULT_LIMIT, cursor } = options;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw new ConfigurationError(
        `limit is ${limit}: use an integer from 1 to ${MAX_LIMIT} (for example { limit: 100 })`,
      );
    }
    const store = this.#open();
    const after = cursor === undefined ? undefined : parseParkedId(cursor, (text) => store.isPosition(text));
    if (cursor !== undefined && after === undefined) {
      throw new ConfigurationError(
        'cursor is not a cursor that list() returned: pass the cursor of the previous page unchanged',
      );
    }
    // Positions of two keys can be equal. The key then decides their order.
    const compare = (a: ParkedPlace, b: ParkedPlace): number =>
      store.comparePositions(a.position, b.position) || (a.key < b.key ? -1 : Number(a.key > b.key));
    // One message more shows whether there is another page. A second one replaces the message at the cursor.
    const pages = await this.#each(store, 'listing', async (key) => {
      const read = await store.read(key, after?.position, limit + (after === undefined ? 1 : 2));
      const found = read.map((parked): Found<P> => ({ position: parked.position, key, parked }));
      return after === undefined ? found : found.filter((place) => compare(place, after) > 0);
    });
    const found = pages.flat().sort(compare);
    const items = found.slice(0, limit).map((place) => this.#describe(store, place));
    const last = items.at(-1);
    return found.length > limit && last !== undefined ? { items, cursor: last.id } : { items };
  }

  async redrive(ids: readonly string[] | 'all'): Promise<number> {
    const store = this.#open();
    return this.#sum(store, 'redriving', ids, (key, positions) => store.redrive(key, positions));
  }

  async purge(ids: readonly string[] | 'all'): Promise<number> {
    const store = this.#open();
    return this.#sum(store, 'purging', ids, (key, positions) => store.purge(key, positions));
  }

  async #sum(store: ParkedStore<P>, doing: string, ids: readonly string[] | 'all', step: Step): Promise<number> {
    if (ids !== 'all' && !Array.isArray(ids)) {
      throw new ConfigurationError(
        `ids is neither 'all' nor an array: pass 'all' or an array of ids that list() returned`,
      );
    }
    const places = placesOf(ids === 'all' ? [] : ids, store);
    const counts = await this.#each(store, doing, (key) =>
      ids === 'all' ? runOnAll(store, key, step) : runOn(places.get(key) ?? [], key, step),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async #each<T>(store: ParkedStore<P>, doing: string, run: (key: QueueKey) => Promise<T>): Promise<T[]> {
    const results: T[] = [];
    for (const key of this.#keys) {
      try {
        results.push(await run(key));
      } catch (cause) {
        throw store.failed?.(cause, `${doing} dead letters of ${this.#group} under ${key}`) ?? cause;
      }
    }
    return results;
  }

  #describe(store: ParkedStore<P>, { position, key, parked }: Found<P>): DeadLetter {
    const { body, ...content } = store.describe(parked);
    return { id: formatParkedId({ position, key }), key, group: this.#group, ...decoded(body), ...content };
  }
}

/** Returns the positions of each key, without duplicates. Ignores malformed ids. */
function placesOf(ids: readonly string[], store: ParkedStore): Map<QueueKey, string[]> {
  const places = [...new Set(ids)]
    .map((id) => parseParkedId(id, (text) => store.isPosition(text)))
    .filter((place) => place !== undefined);
  const byKey = Map.groupBy(places, ({ key }) => key);
  return new Map([...byKey].map(([key, found]) => [key, found.map(({ position }) => position)]));
}

async function runOn(positions: readonly string[], key: QueueKey, step: Step): Promise<number> {
  let total = 0;
  for (let start = 0; start < positions.length; start += CHUNK) {
    total += await step(key, positions.slice(start, start + CHUNK));
  }
  return total;
}

/**
 * Runs a step on all parked messages, except messages that are parked after the step has begun. If another call
 * redrives or purges a chunk first, the loop continues with the next chunk.
 */
async function runOnAll(store: ParkedStore, key: QueueKey, step: Step): Promise<number> {
  const newest = await store.newest(key);
  if (newest === undefined) return 0;
  let total = 0;
  let last: string | undefined;
  for (;;) {
    const read = await store.read(key, last, CHUNK + 1);
    const positions = read
      .map(({ position }) => position)
      .filter((position) => last === undefined || store.comparePositions(position, last) > 0)
      .filter((position) => store.comparePositions(position, newest) <= 0)
      .slice(0, CHUNK);
    last = positions.at(-1);
    if (last === undefined) return total;
    total += await step(key, positions);
  }
}

function decoded(body: string | Uint8Array | undefined): { payload: QueuePayload } | { raw: Uint8Array } {
  try {
    return { payload: decodePayload(body ?? '') };
  } catch {
    return { raw: typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body ?? []) };
  }
}
