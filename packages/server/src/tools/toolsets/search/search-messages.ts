import type { JsonObject } from '@slack-mcp/core';
import { defineTool, type Tool } from '../../define-tool.ts';
import { isObject, stringOf } from '../../messages/json-fields.ts';
import { composeQuery } from './compose-query.ts';
import { readMatches, type SearchKind } from './read-matches.ts';
import { cursorOf, SORTS, searchArguments } from './search-arguments.ts';
import { searchPage, searchPageSchema } from './search-page.ts';
import { searchText } from './search-text.ts';

/** `slack_search_messages`: searches the messages that the owner of the user token can see. */
export const searchMessagesTool: Tool = defineTool({
  name: 'slack_search_messages',
  title: 'Search messages',
  description:
    'Find Slack messages and discussions in all channels or one: search by words, "phrases", -exclusions and modifiers such as has:link or is:thread, with the access of the user token\'s owner.',
  input: searchArguments,
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
