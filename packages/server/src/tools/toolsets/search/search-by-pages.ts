import type { JsonObject } from '@slack-mcp/core';
import { isObject, objectsOf } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';
import { isInWindow, type SearchArguments, type SearchMethod } from './read-matches.ts';

/** How to read the matches of `search.messages` or `search.files`. */
export interface MatchKind<Item> {
  readonly method: 'search.messages' | 'search.files';
  /** The name of the list of matches in the answer. */
  readonly list: 'messages' | 'files';
  /** Returns the matches within the time window. A match is returned once for each of its channels. */
  itemsOf(matches: readonly JsonObject[], isInTime: (seconds: number) => boolean): readonly Item[];
  /** Returns the channel of an item. */
  idOf(item: Item): string | undefined;
  /** Returns a key that is the same for all items of a match. */
  keyOf(item: Item): string;
}

/** The last page that Slack returns. */
const LAST_PAGE = 100;

/** Searches with `search.messages` or `search.files`, which need the scope `search:read` and return numbered pages. */
export function searchByPages<Item>(
  { method, list, itemsOf, idOf, keyOf }: MatchKind<Item>,
  wanted: SearchArguments,
  { slack, channels, signal }: ToolContext,
): SearchMethod<Item> {
  const { query, count, sort, sort_dir } = wanted;
  return {
    cursors: 'page',
    keyOf,
    async read(given) {
      const page = Number(given || 1);
      const answer = await slack.call(method, { query, count, sort, sort_dir, page }, { signal, as: 'user' });
      let pages = 0;
      const { items } = await channels.readable(
        answer,
        ({ [list]: found }) => {
          const { matches, paging } = isObject(found) ? found : {};
          pages = isObject(paging) ? Number(paging['pages'] ?? 0) : 0;
          return itemsOf(objectsOf(matches), (seconds) => isInWindow(wanted, seconds));
        },
        idOf,
        { signal },
      );
      return { items, next: page < Math.min(pages, LAST_PAGE) ? String(page + 1) : undefined };
    },
  };
}
