import { z } from 'zod';
import { channelArgument, cursorArgument, timeArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { composeQuery } from './compose-query.ts';
import { readMatches, type SearchCursor } from './read-matches.ts';
import { searchPage, searchPageSchema } from './search-page.ts';
import { searchText } from './search-text.ts';

/** How Slack names each order. */
const SORTS = {
  relevance: { sort: 'score', sort_dir: 'desc' },
  newest: { sort: 'timestamp', sort_dir: 'desc' },
  oldest: { sort: 'timestamp', sort_dir: 'asc' },
} as const;

const CURSOR = /^page:([1-9]\d?|100)(?:\+(\d{1,3}))?$/;

function isCursor(text: string | undefined): boolean {
  return text === undefined || CURSOR.test(text);
}

/** `slack_search_messages`: searches the messages that the person of the user token can see. */
export const searchMessagesTool: Tool = defineTool({
  name: 'slack_search_messages',
  title: 'Search messages',
  description:
    'Search Slack messages by words, "phrases", -exclusions and modifiers such as has:link or is:thread, as the person of the user token.',
  input: z.strictObject({
    query: z.string().min(1).max(500),
    channel: channelArgument.optional(),
    from: z.string().min(1).max(200).optional().describe('User id, @name or me'),
    oldest: timeArgument.optional(),
    latest: timeArgument.optional(),
    sort: z.enum(['relevance', 'newest', 'oldest']).default('relevance'),
    limit: z.int().min(1).max(100).default(20),
    cursor: cursorArgument.refine(isCursor, 'not a next_cursor of this tool'),
  }),
  output: searchPageSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: ['search:read'],
  tokens: ['user'],
  long: true,
  async run({ sort, limit, cursor, ...wanted }, context) {
    const query = await composeQuery(wanted, context);
    const from = cursorOf(cursor);
    const found = await readMatches({ query, count: limit, ...SORTS[sort] }, { ...wanted, from }, context);
    return searchPage(query, found, from, context);
  },
  text: searchText,
});

/** The place that a cursor stands for. */
function cursorOf(cursor: string | undefined): SearchCursor {
  const [, page = '1', skip = '0'] = CURSOR.exec(cursor ?? '') ?? [];
  return { page: Number(page), skip: Number(skip) };
}
