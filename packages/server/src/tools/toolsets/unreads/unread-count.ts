import type { JsonObject } from '@slack-mcp/core';
import type { ChannelId } from '../../gates/channel-id.ts';
import { isObject, objectsOf, stringOf } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';
import { mentionsPerson } from './mentions-person.ts';
import { asPerson } from './person.ts';
import { countUnreadReplies, type UnreadThread } from './unread-threads.ts';

/** Number of messages to read in one conversation, newest first. */
const MOST_COUNTED = 100;

/** The unread messages of one conversation. */
export interface UnreadCount {
  /** Number of unread messages, without the person's own messages and without notices, such as who joined. */
  readonly unread: number;
  /** Whether there are more unread messages than `unread`. */
  readonly more: boolean;
  /** Number of unread messages that mention the person or the whole channel. */
  readonly mentions: number;
  /** The `ts` of the last message that the person has read. */
  readonly lastRead: string;
  /** The followed threads with unread replies, among the threads that started in the newest messages. */
  readonly threads: readonly UnreadThread[];
}

/** Subtypes of messages that Slack does not count as unread. */
const NOTES: ReadonlySet<string> = new Set([
  'channel_join',
  'channel_leave',
  'channel_name',
  'channel_topic',
  'channel_purpose',
  'group_join',
  'group_leave',
]);

/**
 * Counts the unread messages among the newest messages of a conversation, and the unread replies in their threads.
 *
 * @param person - the ID of the user token's owner
 * @throws SlackError
 */
export async function countUnread(channel: ChannelId, person: string, context: ToolContext): Promise<UnreadCount> {
  const [info, answer] = await Promise.all([
    readState(channel, context),
    context.slack.call('conversations.history', { channel, limit: MOST_COUNTED }, asPerson(context)),
  ]);
  const lastRead = stringOf(info['last_read']);
  const read = objectsOf(answer['messages']);
  const messages = read.filter(
    ({ user, subtype, ts }) =>
      user !== person && !NOTES.has(stringOf(subtype)) && Number(stringOf(ts)) > Number(lastRead),
  );
  const oldest = read.at(-1);
  const more = answer['has_more'] === true && Number(stringOf(oldest?.['ts'])) > Number(lastRead);
  const mentions = messages.filter((message) => mentionsPerson(message, person)).length;
  const threads = await countUnreadReplies(channel, read, person, context);
  return { unread: messages.length, more, mentions, lastRead, threads };
}

/**
 * Returns Slack's data about a conversation for the owner of the user token, including `last_read`.
 *
 * @throws SlackError
 */
export async function readState(channel: ChannelId, context: ToolContext): Promise<JsonObject> {
  const { channel: info } = await context.slack.call('conversations.info', { channel }, asPerson(context));
  return isObject(info) ? info : {};
}
