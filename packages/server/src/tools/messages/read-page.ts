import type { JsonObject } from '@slack-mcp/core';
import type { ChannelId } from '../gates/channel-id.ts';
import type { ToolContext } from '../tool-context.ts';
import { objectsOf, stringOf } from './json-fields.ts';
import { type MessagePage, type PageOptions, toMessagePage } from './message-page.ts';
import { mentionedUsers } from './readable-text.ts';

/** Reads a page of messages, with the names of authors and mentioned users, and the facts about the channel. */
export async function readPage(
  channel: ChannelId | undefined,
  answer: JsonObject,
  limit: number,
  { users, signal, channels, format }: Pick<ToolContext, 'users' | 'signal' | 'channels' | 'format'>,
  options: Omit<PageOptions, 'names' | 'format'> = {},
): Promise<MessagePage> {
  const messages = objectsOf(answer['messages']);
  const authors = messages.map((message) => stringOf(message['user'])).filter(Boolean);
  const [names, facts] = await Promise.all([
    users.namesOf([...authors, ...mentionedUsers(messages)], signal),
    channel === undefined ? undefined : channels.describe(channel, { signal }),
  ]);
  const about = { ...facts, ...options.about };
  return toMessagePage(channel ?? '', answer, limit, { ...options, about, names, format });
}
