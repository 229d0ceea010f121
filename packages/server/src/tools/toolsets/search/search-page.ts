import type { JsonObject } from '@slack-mcp/core';
import { z } from 'zod';
import { readMessageLink } from '../../arguments/slack-time.ts';
import { isExternal } from '../../directory/read-names.ts';
import type { ReadableItem } from '../../gates/channel-gate.ts';
import { fittingItems, fittingText } from '../../messages/answer-budget.ts';
import { isObject, stringOf } from '../../messages/json-fields.ts';
import { mentionedNames } from '../../messages/mentioned-names.ts';
import type { ReadableNames } from '../../messages/readable-text.ts';
import { toSlackMessage } from '../../messages/slack-message.ts';
import { untrustedNotice } from '../../messages/untrusted-notice.ts';
import type { ToolContext } from '../../tool-context.ts';
import { noteOf, nothingFound } from './nothing-found.ts';
import type { FoundMatches, SearchCursor } from './read-matches.ts';
import { nextSearchCursor } from './search-arguments.ts';

/** The output of a search. Each message has the fields of a message in a channel's history, and its channel. */
export function searchPageSchema(): SearchPageSchema {
  return z.object({
    query: z.string(),
    notice: z.string(),
    messages: z.array(z.looseObject({ channel: z.string(), ts: z.string(), text: z.string() })),
    has_more: z.boolean(),
    next_cursor: z.string().optional(),
    note: z.string().optional(),
  });
}

type SearchPageSchema = z.ZodObject<{
  query: z.ZodString;
  notice: z.ZodString;
  messages: z.ZodArray<z.ZodObject<{ channel: z.ZodString; ts: z.ZodString; text: z.ZodString }, z.core.$loose>>;
  has_more: z.ZodBoolean;
  next_cursor: z.ZodOptional<z.ZodString>;
  note: z.ZodOptional<z.ZodString>;
}>;

/** See `searchPageSchema`. */
export type SearchPage = z.input<SearchPageSchema>;

const NOTICE = untrustedNotice('Messages');

/** Converts the matches that may be read to an answer. */
export async function searchPage(
  query: string,
  page: FoundMatches<JsonObject>,
  from: SearchCursor,
  context: Pick<ToolContext, 'users' | 'userGroups' | 'channels' | 'signal'>,
): Promise<SearchPage> {
  const { matches, note } = page;
  const found = matches.map(({ item }) => item);
  const people = found.flatMap(({ user, channel }) => [
    stringOf(user),
    isObject(channel) ? stringOf(channel['name']) : '',
  ]);
  const texts = found.map(({ channel: _place, ...match }) => match);
  const names = await mentionedNames(
    people.filter((id) => USER_ID.test(id)),
    texts,
    context,
  );
  const messages = matches.map((match) => shown(match, names));
  const fitting = fittingItems(messages);
  const next = nextSearchCursor(page, from, fitting);
  return {
    query,
    notice: NOTICE,
    messages: messages.slice(0, fitting),
    has_more: next !== undefined,
    ...(next === undefined ? {} : { next_cursor: next }),
    ...noteOf(nothingFound(found.length, 'messages', from, next), note),
  };
}

const USER_ID = /^[UW][A-Z0-9]{2,}$/;

function shown({ item, channel }: ReadableItem<JsonObject>, names: ReadableNames) {
  const { username, ...match } = item;
  const isPerson = stringOf(match['user']) !== '';
  // A match names its author in `username`, also if the author is a person.
  const message = toSlackMessage(isPerson ? match : item, names);
  const place = isObject(item['channel']) ? item['channel'] : {};
  const name = stringOf(place['name']);
  const link = stringOf(item['permalink']);
  const thread = readMessageLink(link)?.threadTs;
  return {
    channel,
    ...placeOf(channel, name, names),
    ...(isExternal(place) ? { external: true } : {}),
    ...message,
    ...(isPerson && message.name === undefined && stringOf(username) !== '' ? { name: stringOf(username) } : {}),
    text: fittingText(message.text),
    ...(thread === undefined ? {} : { thread_ts: thread }),
    link,
  };
}

/** Returns the name of a channel, or of the other person in direct messages. */
function placeOf(channel: string, name: string, names: ReadableNames): { channel_name?: string; with?: string } {
  if (name === '') return {};
  if (USER_ID.test(name)) return { with: names.get(name) ?? name };
  return channel.startsWith('D') ? { with: name } : { channel_name: name };
}
