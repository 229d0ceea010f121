import { z } from 'zod';
import { channelArgument, cursorArgument, timeArgument } from '../../arguments/tool-arguments.ts';
import type { FoundMatches, SearchArguments, SearchCursor } from './read-matches.ts';

/** Slack's arguments for each sort order. */
export const SORTS: Readonly<Record<'relevance' | 'newest' | 'oldest', Pick<SearchArguments, 'sort' | 'sort_dir'>>> = {
  relevance: { sort: 'score', sort_dir: 'desc' },
  newest: { sort: 'timestamp', sort_dir: 'desc' },
  oldest: { sort: 'timestamp', sort_dir: 'asc' },
};

/** Matches a cursor: the number of a page or Slack's cursor, with the number of matches to skip on the page. */
const CURSOR = /^(?:page:([1-9]\d?|100)(?:\+(\d{1,3}))?|next:(\d{1,3}):(\S{0,1000}))$/;

/** The arguments of a search. */
export function searchArguments(): SearchArgumentsSchema {
  return z
    .strictObject({
      query: z.string().max(500).default(''),
      channel: channelArgument().optional(),
      from: z.string().min(1).max(200).optional().describe('User id, @name or me'),
      oldest: timeArgument().optional(),
      latest: timeArgument().optional(),
      sort: z.enum(['relevance', 'newest', 'oldest']).default('relevance'),
      limit: z.int().min(1).max(100).default(20),
      cursor: cursorArgument().refine(
        (text) => text === undefined || CURSOR.test(text),
        'not a next_cursor of this tool',
      ),
    })
    .refine(
      ({ query, channel, from, oldest, latest }) =>
        query.trim() !== '' || (channel ?? from ?? oldest ?? latest) !== undefined,
      { path: ['query'], message: 'missing: pass words to search for, or channel, from, oldest or latest' },
    );
}

type SearchArgumentsSchema = z.ZodObject<
  {
    query: z.ZodDefault<z.ZodString>;
    channel: z.ZodOptional<z.ZodString>;
    from: z.ZodOptional<z.ZodString>;
    oldest: z.ZodOptional<z.ZodString>;
    latest: z.ZodOptional<z.ZodString>;
    sort: z.ZodDefault<z.ZodEnum<{ relevance: 'relevance'; newest: 'newest'; oldest: 'oldest' }>>;
    limit: z.ZodDefault<z.ZodInt>;
    cursor: z.ZodOptional<z.ZodString>;
  },
  z.core.$strict
>;

/** Decodes a cursor into the place in the results at which the search continues: the start, without a cursor. */
export function cursorOf(cursor: string | undefined): SearchCursor {
  const [, page, skipOfPage, skip, next = ''] = CURSOR.exec(cursor ?? '') ?? [];
  const cursors = page === undefined ? (skip === undefined ? undefined : 'next') : 'page';
  return { cursors, page: page ?? next, skip: Number(skipOfPage ?? skip ?? 0) };
}

/** Returns the cursor after `fitting` of the matches of a page, or undefined if there are no more matches. */
export function nextSearchCursor(
  { cursors, page, next, matches }: FoundMatches<unknown>,
  from: SearchCursor,
  fitting: number,
): string | undefined {
  const isCut = fitting < matches.length;
  const [position, skip] = isCut ? [page, fitting + (page === from.page ? from.skip : 0)] : [next, 0];
  if (position === undefined) return undefined;
  if (cursors === 'next') return `next:${skip}:${position}`;
  return `page:${position || 1}${isCut ? `+${skip}` : ''}`;
}
