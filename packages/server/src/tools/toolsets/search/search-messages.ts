import type { JsonObject } from '@slack-mcp/core';
import { defineTool, type Tool } from '../../define-tool.ts';
import { isObject, stringOf } from '../../messages/json-fields.ts';
import { SEARCH_SCOPE, searchWithScopes } from './choose-search.ts';
import { composeQuery } from './compose-query.ts';
import { REAL_TIME_SCOPES, realTimeMessages } from './real-time-search.ts';
import { cursorOf, SORTS, searchArguments } from './search-arguments.ts';
import { type MatchKind, searchByPages } from './search-by-pages.ts';
import { searchPage, searchPageSchema } from './search-page.ts';
import { searchText } from './search-text.ts';

/** The tool `slack_search_messages`, which searches the messages that the owner of the user token can see. */
export const searchMessagesTool: Tool = defineTool({
  name: 'slack_search_messages',
  title: 'Search messages',
  description:
    'Find Slack messages and discussions that the owner of the user token can see, in all channels or one. Search by words, "phrases", -exclusions and modifiers such as has:link or is:thread.',
  input: searchArguments,
  output: searchPageSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: [SEARCH_SCOPE, ...REAL_TIME_SCOPES],
  manifestScopes: [SEARCH_SCOPE],
  tokens: ['user'],
  long: true,
  async run({ sort, limit, cursor, ...wanted }, context) {
    const query = await composeQuery(wanted, context);
    const from = cursorOf(cursor);
    const args = { query, count: limit, ...SORTS[sort], oldest: wanted.oldest, latest: wanted.latest };
    const methods = {
      byPages: searchByPages(MESSAGES, args, context),
      realTime: (scopes: readonly string[]) => realTimeMessages(args, scopes, context),
      realTimeScopes: REAL_TIME_SCOPES,
    };
    const found = await searchWithScopes(methods, from, context);
    return searchPage(query, found, from, context);
  },
  text: searchText,
});

const MESSAGES: MatchKind<JsonObject> = {
  method: 'search.messages',
  list: 'messages',
  itemsOf: (matches, isInTime) => matches.filter(({ ts }) => isInTime(Number(ts))),
  idOf: ({ channel }) => (isObject(channel) ? stringOf(channel['id']) || undefined : undefined),
  keyOf: ({ channel, ts }) => `${isObject(channel) ? stringOf(channel['id']) : ''} ${stringOf(ts)}`,
};
