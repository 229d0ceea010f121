import type { JsonObject } from '@slack-mcp/core';
import { z } from 'zod';
import { channelArgument, timeArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { isObject, stringOf } from '../../messages/json-fields.ts';
import { composeQuery } from './compose-query.ts';
import { readMatches, type SearchKind } from './read-matches.ts';
import { cursorOf, SORTS, searchCursorArgument } from './search-arguments.ts';
import { searchPage, searchPageSchema } from './search-page.ts';
import { searchText } from './search-text.ts';

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
    cursor: searchCursorArgument,
  }),
  output: searchPageSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: ['search:read'],
  tokens: ['user'],
  long: true,
  async run({ sort, limit, cursor, ...wanted }, context) {
    const query = await composeQuery(wanted, context);
    const from = cursorOf(cursor);
    const found = await readMatches(MESSAGES, { query, count: limit, ...SORTS[sort] }, { ...wanted, from }, context);
    return searchPage(query, found, from, context);
  },
  text: searchText,
});

const MESSAGES: SearchKind<JsonObject> = {
  method: 'search.messages',
  list: 'messages',
  itemsOf: (matches, isInTime) => matches.filter(({ ts }) => isInTime(Number(ts))),
  idOf: ({ channel }) => (isObject(channel) ? stringOf(channel['id']) || undefined : undefined),
  keyOf: ({ channel, ts }) => `${isObject(channel) ? stringOf(channel['id']) : ''} ${stringOf(ts)}`,
};
