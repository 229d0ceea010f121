import type { JsonObject } from '@slack-mcp/core';
import type { ReadableItem } from '../../gates/channel-gate.ts';
import { isObject, objectsOf } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';

/** The position at which a search continues. */
export interface SearchCursor {
  readonly page: number;
  /** Number of matches on the page that earlier answers contain. */
  readonly skip: number;
}

/** Arguments of `search.messages` and `search.files`. */
export interface SearchArguments {
  readonly query: string;
  readonly count: number;
  readonly sort: 'score' | 'timestamp';
  readonly sort_dir: 'asc' | 'desc';
}

/** How to search one kind of item. */
export interface SearchKind<Item> {
  readonly method: 'search.messages' | 'search.files';
  /** The name of the list of matches in the answer. */
  readonly list: 'messages' | 'files';
  /** Returns the matches within the time window. A match is returned once for each of its channels. */
  itemsOf(matches: readonly JsonObject[], isInTime: (seconds: number) => boolean): readonly Item[];
  /** Returns the channel of an item. */
  idOf(item: Item): string | undefined;
  /** Returns a key that the items of the same match have in common. */
  keyOf(item: Item): string;
}

/** The matches of one page that may be read. */
export interface FoundMatches<Item> {
  readonly matches: readonly ReadableItem<Item>[];
  readonly page: number;
  readonly hasMore: boolean;
}

/** Maximum number of pages to read in a row if they contain nothing that may be read. */
const MOST_EMPTY_PAGES = 5;

/** Slack returns at most 100 pages. */
const LAST_PAGE = 100;

/**
 * Reads the next page that contains matches in channels that may be read. Slack's numbers of matches are
 * not returned, because they also count matches in other channels.
 */
export async function readMatches<Item>(
  { method, list, itemsOf, idOf, keyOf }: SearchKind<Item>,
  args: SearchArguments,
  { oldest, latest, from }: { oldest?: string | undefined; latest?: string | undefined; from: SearchCursor },
  { slack, channels, signal, progress }: ToolContext,
): Promise<FoundMatches<Item>> {
  const isInTime = (seconds: number): boolean =>
    (oldest === undefined || seconds > Number(oldest)) && (latest === undefined || seconds < Number(latest));
  for (let page = from.page; ; page += 1) {
    const answer = await slack.call(method, { ...args, page }, { signal, as: 'user' });
    let pages = 0;
    const { items } = await channels.readable(
      answer,
      ({ [list]: found }) => {
        const { matches, paging } = isObject(found) ? found : {};
        pages = isObject(paging) ? Number(paging['pages'] ?? 0) : 0;
        return itemsOf(objectsOf(matches), isInTime);
      },
      idOf,
      { signal },
    );
    const hasMore = page < Math.min(pages, LAST_PAGE);
    const readable = [...Map.groupBy(items, ({ item }) => keyOf(item)).values()].flatMap((same) => same.slice(0, 1));
    const matches = page === from.page ? readable.slice(from.skip) : readable;
    if (matches.length > 0 || !hasMore || page - from.page >= MOST_EMPTY_PAGES - 1) return { matches, page, hasMore };
    progress(page);
  }
}
