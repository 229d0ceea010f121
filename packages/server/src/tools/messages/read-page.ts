import type { JsonObject } from '@slack-mcp/core';
import type { ChannelId } from '../gates/channel-id.ts';
import type { ToolContext } from '../tool-context.ts';
import { objectsOf, stringOf } from './json-fields.ts';
import { mentionedNames } from './mentioned-names.ts';
import { type MessagePage, type PageOptions, toMessagePage } from './message-page.ts';

/** Reads a page of messages, with the names of authors and mentions, and with facts about the channel. */
export async function readPage(
  channel: ChannelId | undefined,
  answer: JsonObject,
  limit: number,
  context: Pick<ToolContext, 'users' | 'userGroups' | 'signal' | 'channels' | 'format'>,
  options: Omit<PageOptions, 'names' | 'format'> = {},
): Promise<MessagePage> {
  const { signal, channels, format } = context;
  const messages = objectsOf(answer['messages']);
  const authors = messages.map((message) => stringOf(message['user'])).filter(Boolean);
  const [names, facts] = await Promise.all([
    mentionedNames(authors, messages, context),
    channel === undefined ? undefined : channels.describe(channel, { signal }),
  ]);
  const about = { ...facts, ...options.about };
  return toMessagePage(channel ?? '', answer, limit, { ...options, about, names, format });
}
