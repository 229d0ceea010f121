import type { JsonObject } from '../json.ts';
import type { MessageLog } from './message-log.ts';
import type { Channel, Message } from './model.ts';

/** Provides the messages of each channel. */
export interface MessageLogs {
  log(channel: string): MessageLog;
}

/**
 * Returns a message in the form in which the Web API and events show it, with the reply counts of its thread and
 * without fields that exist only for tests.
 */
export function renderMessage(workspace: MessageLogs, channel: Channel, message: Message): JsonObject {
  const { unfurl_links, unfurl_media, ...shown } = message;
  const copy: JsonObject = structuredClone(shown);
  const log = workspace.log(channel.id);
  const replies = log.replies(message.ts);
  if (replies.length > 0) Object.assign(copy, threadFigures(message, replies));
  const parent = message.subtype === 'thread_broadcast' ? log.get(message.thread_ts ?? '') : undefined;
  if (parent) copy.root = renderMessage(workspace, channel, parent);
  return copy;
}

function threadFigures(parent: Message, replies: readonly Message[]): JsonObject {
  const users = [...new Set(replies.map((reply) => reply.user ?? reply.bot_id ?? ''))];
  return {
    thread_ts: parent.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    latest_reply: replies.at(-1)?.ts,
    reply_users: users.slice(0, 5),
    is_locked: false,
    subscribed: false,
  };
}
