import { compact } from '../json.ts';
import { refuse } from '../slack-api-error.ts';
import { authorship } from './authorship.ts';
import type { MessageContent } from './message-content.ts';
import type { MessageLog } from './message-log.ts';
import type { Bot, Message, Team } from './model.ts';
import { richText } from './rich-text.ts';

/** The data from which a new message is composed. */
export interface MessageParts {
  readonly team: Team;
  readonly bot: Bot;
  readonly author: string;
  readonly text: string;
  readonly ts: string;
  /** The parent message of the thread. */
  readonly parent: Message | undefined;
  readonly broadcast: boolean;
  readonly blockId: string;
  readonly fields: Partial<Message>;
}

/**
 * Composes a message as Slack stores it, with the fields of its author, its thread, and a `rich_text` block if the
 * message has only text.
 */
export function composeMessage(parts: MessageParts): Message {
  const { team, bot, author, text, ts, parent, broadcast, blockId, fields } = parts;
  const isJoin = fields.subtype === 'channel_join';
  return compact({
    type: 'message' as const,
    subtype: parent && broadcast ? 'thread_broadcast' : undefined,
    ...(isJoin ? { user: author } : authorship(author, team, bot)),
    text,
    ts,
    thread_ts: parent?.ts,
    parent_user_id: parent?.user,
    blocks: isJoin || text === '' ? undefined : [richText(text, blockId)],
    ...fields,
  }) as Message;
}

/** Returns the parent message of the thread to which a reply belongs. @throws SlackApiError `thread_not_found` */
export function threadParent(
  log: MessageLog,
  { threadTs, orphaned = 'refuse' }: Pick<MessageContent, 'threadTs' | 'orphaned'>,
): Message | undefined {
  if (threadTs === undefined) return undefined;
  const replyTo = log.get(threadTs);
  if (!replyTo) return orphaned === 'channel' ? undefined : refuse('thread_not_found');
  return replyTo.thread_ts === undefined ? replyTo : (log.get(replyTo.thread_ts) ?? replyTo);
}

/** Turns the deleted parent of a thread into a tombstone, as Slack does. */
export function toTombstone(message: Message): void {
  for (const key of ['blocks', 'attachments', 'reactions', 'bot_id', 'app_id', 'bot_profile'] as const)
    delete message[key];
  Object.assign(message, {
    subtype: 'tombstone',
    user: 'USLACKBOT',
    hidden: true,
    text: 'This message was deleted.',
  });
}

/** Whether a message mentions a user, in its text or in its blocks. */
export function mentions({ text, blocks }: Message, user: string): boolean {
  return text.includes(`<@${user}>`) || text.includes(`<@${user}|`) || holdsUser(blocks, user);
}

function holdsUser(value: unknown, user: string): boolean {
  if (Array.isArray(value)) return value.some((item) => holdsUser(item, user));
  if (typeof value === 'string') return value.includes(`<@${user}>`);
  if (typeof value !== 'object' || value === null) return false;
  if ('user_id' in value && value.user_id === user && 'type' in value && value.type === 'user') return true;
  return Object.values(value).some((item) => holdsUser(item, user));
}
