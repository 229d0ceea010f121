import type { ReadableItem } from '../../gates/channel-gate.ts';
import type { ToolContext } from '../../tool-context.ts';
import { CursorError } from './cursor-error.ts';

/** The position at which a search continues. */
export interface SearchCursor {
  /** The kind of the cursor; undefined for the first page. */
  readonly cursors: SearchMethod<unknown>['cursors'] | undefined;
  /** The page: a number or, for `next`, Slack's cursor. Empty for the first page. */
  readonly page: string;
  /** Number of matches on the page that earlier answers contain. */
  readonly skip: number;
}

/** What to search for, as arguments for Slack. */
export interface SearchArguments {
  readonly query: string;
  /** The requested number of matches per page. Slack may return fewer. */
  readonly count: number;
  readonly sort: 'score' | 'timestamp';
  readonly sort_dir: 'asc' | 'desc';
  /** Only matches after this time, in seconds. */
  readonly oldest?: string | undefined;
  /** Only matches before this time, in seconds. */
  readonly latest?: string | undefined;
}

/** One page of matches that may be read. */
export interface ReadablePage<Item> {
  readonly items: readonly ReadableItem<Item>[];
  /** The position of the next page, if there is one. */
  readonly next: string | undefined;
}

/** A search with one of Slack's methods. */
export interface SearchMethod<Item> {
  /** The kind of cursors that the search uses. */
  readonly cursors: 'page' | 'next';
  /** A sentence that names the kinds of channels that the token cannot search; undefined if it can search all kinds. */
  readonly note?: string | undefined;
  /** Reads one page. A match may be returned several times, once for each of its channels. */
  read(page: string): Promise<ReadablePage<Item>>;
  /** Returns a key that is the same for all items of a match. */
  keyOf(item: Item): string;
}

/** The matches of one page that may be read. */
export interface FoundMatches<Item> extends Pick<SearchMethod<Item>, 'cursors' | 'note'> {
  readonly matches: readonly ReadableItem<Item>[];
  readonly page: string;
  readonly next: string | undefined;
}

/** Maximum number of consecutive pages to read without finding a match that may be read. */
const MOST_EMPTY_PAGES = 5;

/**
 * Reads the next page that contains matches in channels that may be read. Slack's match counts are not returned,
 * because they include matches in other channels.
 *
 * @throws CursorError - the cursor belongs to another method
 */
export async function readMatches<Item>(
  method: SearchMethod<Item>,
  from: SearchCursor,
  { progress }: Pick<ToolContext, 'progress'>,
): Promise<FoundMatches<Item>> {
  const { cursors, note } = method;
  if (from.cursors !== undefined && from.cursors !== cursors) throw new CursorError();
  for (let page = from.page, read = 1; ; read += 1) {
    const { items, next } = await method.read(page);
    const readable = [...Map.groupBy(items, ({ item }) => method.keyOf(item)).values()].flatMap((same) =>
      same.slice(0, 1),
    );
    const matches = page === from.page ? readable.slice(from.skip) : readable;
    if (matches.length > 0 || next === undefined || read >= MOST_EMPTY_PAGES)
      return { cursors, note, matches, page, next };
    progress(read);
    page = next;
  }
}

/** Returns whether a time, in seconds, is within the window of a search. */
export function isInWindow({ oldest, latest }: SearchArguments, seconds: number): boolean {
  return (oldest === undefined || seconds > Number(oldest)) && (latest === undefined || seconds < Number(latest));
}
