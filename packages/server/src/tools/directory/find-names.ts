import { inSlices } from './in-slices.ts';
import type { Named, Names } from './names.ts';
import { NearestNames } from './nearest-names.ts';
import { Smallest } from './smallest.ts';

/** The entries that match a query. */
export interface FoundNames {
  /** The matching entries, with the best match first. */
  readonly entries: readonly FoundName[];
  /** Whether more entries match than are listed. */
  readonly more: boolean;
}

/** An entry that matches a query. */
export interface FoundName {
  readonly entry: Named;
  /**
   * How well the entry matches. The rank is 0 for the exact name and higher for weaker matches. Ranks of entries from
   * different lists are comparable.
   */
  readonly rank: number;
}

/** Options of `findNames`. */
export interface FindOptions {
  /** Maximum number of entries to return. */
  readonly limit: number;
  /** Selects the entries to find; by default, all entries are searched. */
  readonly accepts?: ((entry: Named) => boolean) | undefined;
  /** Whether to return names that differ by a few characters. Default: `false`. */
  readonly similar?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The rank of an entry that does not match, but has a name that differs from the query by a few characters. */
export const SIMILAR = 5;

/**
 * Finds entries by a part of their name, label or description. The search ignores case and accents, and accepts the
 * words of the query in any order. A query that is an ID, a mention or a link finds only the entry
 * with that ID.
 *
 * @throws the signal's abort reason
 */
export async function findNames(
  known: Names,
  query: string,
  { limit, accepts = () => true, similar = false, signal }: FindOptions,
): Promise<FoundNames> {
  const identified = known.entry(idIn(query));
  if (identified !== undefined && accepts(identified)) {
    return { entries: [{ entry: identified, rank: 0 }], more: false };
  }
  const wanted = comparable(query.trim().replace(/^[#@:]|:$/g, ''));
  const words = wanted.split(/[\s._-]+/).filter(Boolean);
  if (words.length === 0) return { entries: [], more: false };
  // One entry more than the limit shows that there are more.
  const best = new Smallest<FoundName>(limit + 1, compare);
  const nearest = new NearestNames(wanted, limit + 1);
  await inSlices(
    known.entries(),
    (entry) => {
      const rank = rankOf(entry, wanted, words);
      if (rank === undefined && !similar) return;
      if (!accepts(entry)) return;
      if (rank !== undefined) best.add({ entry, rank });
      else for (const name of entry.names) nearest.add(name);
    },
    signal,
  );
  const found = best.items.length > 0 || !similar ? best.items : similarEntries(known, nearest.names, accepts);
  return { entries: found.slice(0, limit), more: found.length > limit };
}

/** Returns the ID that a query consists of, or the trimmed query. */
function idIn(query: string): string {
  const [, id] = /^<(?:[@#]|!subteam\^)([A-Z0-9]+)(?:\|[^<>]*)?>$/.exec(query.trim()) ?? [];
  return id ?? query.trim().replace(/^[@#](?=[A-Z0-9]+$)|^https:\/\/[\w.-]+\/(?:archives|team)\//g, '');
}

function similarEntries(known: Names, names: readonly string[], accepts: (entry: Named) => boolean): FoundName[] {
  const ids = new Set(names.flatMap((name) => known.ids(name)));
  return [...ids].flatMap((id) => {
    const entry = known.entry(id);
    return entry !== undefined && accepts(entry) ? [{ entry, rank: SIMILAR }] : [];
  });
}

function rankOf({ names, label = '', otherNames = [], about = '' }: Named, wanted: string, words: readonly string[]) {
  let rank = SIMILAR;
  for (const name of [...names.map(comparable), comparable(label)]) {
    if (name === wanted) return 0;
    if (name.startsWith(wanted)) rank = 1;
    else if (name.includes(wanted)) rank = Math.min(rank, 2);
  }
  if (rank < SIMILAR) return rank;
  const called = comparable([...names, label].join(' '));
  if (words.every((word) => called.includes(word))) return 3;
  if (about === '' && otherNames.length === 0) return undefined;
  const described = comparable([called, about, ...otherNames].join(' '));
  return words.every((word) => described.includes(word)) ? 4 : undefined;
}

function compare(a: FoundName, b: FoundName): number {
  const [one = '', other = ''] = [a.entry.names[0], b.entry.names[0]];
  return a.rank - b.rank || one.length - other.length || (one < other ? -1 : 1);
}

/** Returns a text in lower case, without accents. */
function comparable(text: string): string {
  const lower = text.toLowerCase();
  return /[^ -~]/.test(lower) ? lower.normalize('NFD').replace(/\p{M}/gu, '') : lower;
}
