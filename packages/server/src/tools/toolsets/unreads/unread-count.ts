import type { JsonObject } from '@slack-mcp/core';
import type { ChannelId } from '../../gates/channel-id.ts';
import { isObject, objectsOf, stringOf } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';
import { asPerson } from './person.ts';

/** Maximum number of unread messages to count in one conversation. */
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
 * Counts the unread messages of a conversation. Replies in threads are not counted, because Slack does not say which of
 * them are unread.
 *
 * @param person - the ID of the person whose user token is set
 * @throws SlackError
 */
export async function countUnread(channel: ChannelId, person: string, context: ToolContext): Promise<UnreadCount> {
  const info = await readState(channel, context);
  const lastRead = stringOf(info['last_read']);
  // Slack counts only the unread messages of direct messages.
  if (info['unread_count_display'] === 0) return { unread: 0, more: false, mentions: 0, lastRead };
  const args = { channel, oldest: lastRead || undefined, limit: MOST_COUNTED };
  const answer = await context.slack.call('conversations.history', args, asPerson(context));
  const messages = objectsOf(answer['messages']).filter(
    ({ user, subtype, ts }) =>
      user !== person && !NOTES.has(stringOf(subtype)) && Number(stringOf(ts)) > Number(lastRead),
  );
  const mentions = messages.filter((message) => mentionsPerson(message, person)).length;
  return { unread: messages.length, more: answer['has_more'] === true, mentions, lastRead };
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

function mentionsPerson({ text, blocks, attachments }: JsonObject, person: string): boolean {
  const content = JSON.stringify([text, blocks, attachments]);
  return (
    [`<@${person}>`, `<@${person}|`, `"user_id":"${person}"`].some((mention) => content.includes(mention)) ||
    /<!(?:channel|here|everyone)\b/.test(content) ||
    content.includes('"type":"broadcast"')
  );
}
