import type { JsonObject } from '@slack-mcp/core';
import type { ChannelId } from '../gates/channel-id.ts';
import type { ToolContext } from '../tool-context.ts';
import { objectsOf, stringOf } from './json-fields.ts';
import { type MessagePage, type PageOptions, toMessagePage } from './message-page.ts';
import { mentionedUsers } from './readable-text.ts';

/** Reads a page of messages, with the names of authors and mentioned users. */
export async function readPage(
  channel: ChannelId | undefined,
  answer: JsonObject,
  limit: number,
  { users, signal }: Pick<ToolContext, 'users' | 'signal'>,
  options: Omit<PageOptions, 'names'> = {},
): Promise<MessagePage> {
  const messages = objectsOf(answer['messages']);
  const authors = messages.map((message) => stringOf(message['user'])).filter(Boolean);
  const names = await users.namesOf([...authors, ...mentionedUsers(messages)], signal);
  return toMessagePage(channel ?? '', answer, limit, { ...options, names });
}
