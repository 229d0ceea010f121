import type { JsonObject } from '@slack-mcp/core';
import type { ReadableItem } from '../../gates/channel-gate.ts';
import { isObject, objectsOf, stringOf } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';

/** Where a search continues. */
export interface SearchCursor {
  readonly page: number;
  /** Matches of this page that an earlier answer contains. */
  readonly skip: number;
}

/** Arguments of `search.messages`. */
export interface SearchArguments {
  readonly query: string;
  readonly count: number;
  readonly sort: 'score' | 'timestamp';
  readonly sort_dir: 'asc' | 'desc';
}

/** The matches of one page that may be read. */
export interface FoundMatches {
  readonly matches: readonly ReadableItem<JsonObject>[];
  readonly page: number;
  readonly hasMore: boolean;
}

/** Maximum number of pages to read in a row if they contain nothing that may be read. */
const MOST_EMPTY_PAGES = 5;

/** Slack returns at most 100 pages. */
const LAST_PAGE = 100;

/**
 * Reads the next page that contains messages in channels that may be read. The numbers of matches that Slack returns
 * stay hidden: they also count messages in other channels.
 */
export async function readMatches(
  args: SearchArguments,
  { oldest, latest, from }: { oldest?: string | undefined; latest?: string | undefined; from: SearchCursor },
  { slack, channels, signal, progress }: ToolContext,
): Promise<FoundMatches> {
  const isInTime = ({ ts }: JsonObject): boolean =>
    (oldest === undefined || Number(ts) > Number(oldest)) && (latest === undefined || Number(ts) < Number(latest));
  for (let page = from.page; ; page += 1) {
    const answer = await slack.call('search.messages', { ...args, page }, { signal, as: 'user' });
    let pages = 0;
    const { items } = await channels.readable(
      answer,
      ({ messages }) => {
        const { matches, paging } = isObject(messages) ? messages : {};
        pages = isObject(paging) ? Number(paging['pages'] ?? 0) : 0;
        return objectsOf(matches).filter(isInTime);
      },
      ({ channel }) => (isObject(channel) ? stringOf(channel['id']) || undefined : undefined),
      { signal },
    );
    const hasMore = page < Math.min(pages, LAST_PAGE);
    const matches = page === from.page ? items.slice(from.skip) : items;
    if (matches.length > 0 || !hasMore || page - from.page >= MOST_EMPTY_PAGES - 1) return { matches, page, hasMore };
    progress(page);
  }
}
