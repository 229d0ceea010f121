import type { z } from 'zod';
import { cursorArgument } from '../../arguments/tool-arguments.ts';
import type { SearchArguments, SearchCursor } from './read-matches.ts';

/** How Slack names each order. */
export const SORTS: Readonly<Record<'relevance' | 'newest' | 'oldest', Pick<SearchArguments, 'sort' | 'sort_dir'>>> = {
  relevance: { sort: 'score', sort_dir: 'desc' },
  newest: { sort: 'timestamp', sort_dir: 'desc' },
  oldest: { sort: 'timestamp', sort_dir: 'asc' },
};

const CURSOR = /^page:([1-9]\d?|100)(?:\+(\d{1,3}))?$/;

/** Where to continue a search. */
export const searchCursorArgument: z.ZodOptional<z.ZodString> = cursorArgument.refine(
  (text) => text === undefined || CURSOR.test(text),
  'not a next_cursor of this tool',
);

/** The place that a cursor stands for. */
export function cursorOf(cursor: string | undefined): SearchCursor {
  const [, page = '1', skip = '0'] = CURSOR.exec(cursor ?? '') ?? [];
  return { page: Number(page), skip: Number(skip) };
}

/** Returns the cursor after `fitting` of `count` matches of a page, or undefined if there are no more matches. */
export function nextSearchCursor(
  { page, hasMore }: { readonly page: number; readonly hasMore: boolean },
  from: SearchCursor,
  { fitting, count }: { readonly fitting: number; readonly count: number },
): string | undefined {
  const skipped = page === from.page ? from.skip : 0;
  if (fitting < count) return `page:${page}+${skipped + fitting}`;
  return hasMore ? `page:${page + 1}` : undefined;
}
