import type { JsonObject } from '@slack-mcp/core';
import { SlackRateLimitedError } from '@slack-mcp/slack';
import { z } from 'zod';
import { cursorArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { isExternal } from '../../directory/read-names.ts';
import type { ReadableItem } from '../../gates/channel-gate.ts';
import { nextCursorOf, objectsOf, stringOf } from '../../messages/json-fields.ts';
import { untrustedNotice } from '../../messages/untrusted-notice.ts';
import type { ToolContext } from '../../tool-context.ts';
import { asPerson, personId } from './person.ts';
import { countUnread, type UnreadCount } from './unread-count.ts';

/** Number of conversations on one page of Slack's list. */
const PAGE = 200;

/** Maximum number of conversations to check in one call, because Slack allows about 50 checks per minute. */
const MOST_CHECKED = 40;

const CURSOR = /^(\d{1,3}):([\w+/=-]{0,500})$/;

/** The tool `slack_list_unreads`, which lists the conversations with unread messages. */
export const listUnreadsTool: Tool = defineTool({
  name: 'slack_list_unreads',
  title: 'List unread messages',
  description:
    'List the Slack channels and direct conversations in which the owner of the user token has unread messages, or unread replies in followed threads. Shows the numbers of messages and mentions. Only threads that started in the newest 100 messages are checked.',
  input: () =>
    z.strictObject({
      kinds: z
        .array(z.enum(['channel', 'direct']))
        .min(1)
        .optional()
        .describe('Default: both'),
      mentions_only: z.boolean().default(false).describe('Only conversations with mentions'),
      limit: z.int().min(1).max(50).default(20),
      cursor: cursorArgument().refine(
        (text) => text === undefined || CURSOR.test(text),
        'not a next_cursor of this tool',
      ),
    }),
  output: () =>
    z.object({
      notice: z.string(),
      unreads: z.array(
        z.looseObject({ channel: z.string(), unread: z.int(), mentions: z.int(), last_read: z.string() }),
      ),
      checked: z.int(),
      next_cursor: z.string().optional(),
      note: z.string().optional(),
    }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: ['channels:read', 'groups:read', 'im:read', 'mpim:read'],
  moreScopes: ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  tokens: ['user'],
  long: true,
  async run({ kinds = ['channel', 'direct'], mentions_only, limit, cursor }, context) {
    const person = await personId(context);
    const [, skip = '0', from = ''] = CURSOR.exec(cursor ?? '') ?? [];
    const types = [...(kinds.includes('direct') ? DIRECT : []), ...(kinds.includes('channel') ? CHANNELS : [])];
    const { items, next } = await readConversations(types.join(','), from, context);
    const found: { item: ReadableItem<JsonObject>; count: UnreadCount }[] = [];
    let position = Number(skip);
    const last = Math.min(items.length, position + MOST_CHECKED);
    let note: string | undefined;
    for (; position < last && found.length < limit; position += 1) {
      const item = items[position] as ReadableItem<JsonObject>;
      context.progress(position - Number(skip), last - Number(skip));
      try {
        const count = await countUnread(item.channel, person, context);
        const threadMentions = count.threads.some(({ mentions }) => mentions > 0);
        const isUnread = count.unread > 0 || count.threads.length > 0;
        if (mentions_only ? count.mentions > 0 || threadMentions : isUnread) found.push({ item, count });
      } catch (error) {
        if (!(error instanceof SlackRateLimitedError) || position === Number(skip)) throw error;
        note = `Slack limits these calls: call again with cursor in ${error.retryAfterSeconds} s.`;
        break;
      }
    }
    const people = found.map(({ item }) => stringOf(item.item['user'])).filter(Boolean);
    const names = await context.users.namesOf(people, context.signal);
    const continues = position < items.length ? `${position}:${from}` : next === '' ? undefined : `0:${next}`;
    const unreads = found
      .map(({ item, count }) => shown(item, count, names))
      .toSorted((a, b) => b.mentions - a.mentions || b.unread - a.unread);
    const checked = position - Number(skip);
    if (unreads.length === 0) note ??= nothingUnread(checked, { kinds, mentions_only, continues });
    return {
      notice: NOTICE,
      unreads,
      checked,
      ...(continues !== undefined && { next_cursor: continues }),
      ...(note !== undefined && { note }),
    };
  },
});

const NOTICE = untrustedNotice('Names');

const DIRECT = ['im', 'mpim'];
const CHANNELS = ['public_channel', 'private_channel'];

/** Returns the note of an answer without unread messages, which says what was checked and what to try next. */
function nothingUnread(
  checked: number,
  asked: { kinds: readonly string[]; mentions_only: boolean; continues: string | undefined },
): string {
  const kinds = [...new Set(asked.kinds)];
  const what = kinds.length > 1 ? 'conversations' : kinds[0] === 'channel' ? 'channels' : 'direct conversations';
  const found = `${asked.mentions_only ? 'No unread mentions' : 'Nothing is unread'} (${what} checked: ${checked}).`;
  if (asked.continues !== undefined) return `${found} Call again with cursor to check more.`;
  if (asked.mentions_only) return `${found} Call without mentions_only to see all unread messages.`;
  if (kinds.length === 1) return `${found} Call without kinds to check the others too.`;
  return `${found} To read messages that are already read, call slack_read_channel_messages.`;
}

/** Reads a page of the person's conversations that may be read. */
async function readConversations(types: string, cursor: string, context: ToolContext) {
  const args = { types, exclude_archived: true, limit: PAGE, cursor: cursor || undefined };
  const answer = await context.slack.call('users.conversations', args, asPerson(context));
  let next = '';
  const { items } = await context.channels.readable(
    answer,
    (opened) => {
      next = nextCursorOf(opened);
      return objectsOf(opened['channels']);
    },
    ({ id }) => stringOf(id) || undefined,
    { signal: context.signal },
  );
  return { items, next };
}

function shown({ item, channel }: ReadableItem<JsonObject>, count: UnreadCount, names: ReadonlyMap<string, string>) {
  const [name, user] = [stringOf(item['name']), stringOf(item['user'])];
  return {
    channel,
    ...(user !== '' ? { with: names.get(user) ?? user } : name === '' ? {} : { name }),
    ...(isExternal(item) && { external: true }),
    unread: count.unread,
    ...(count.more && { more: true }),
    mentions: count.mentions,
    last_read: count.lastRead,
    ...(count.threads.length > 0 && { threads: count.threads }),
  };
}
