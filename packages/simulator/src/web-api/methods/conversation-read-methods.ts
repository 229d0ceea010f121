import { compact, type JsonObject } from '../../json.ts';
import { SlackApiError } from '../../slack-api-error.ts';
import { compareTs } from '../../workspace/clock.ts';
import type { Channel, Message } from '../../workspace/model.ts';
import { renderMessage } from '../../workspace/render-message.ts';
import type { Call } from '../call.ts';
import { type Page, paginate } from '../cursor.ts';
import { conversationScope, conversationScopes, type Method } from '../method.ts';
import { renderChannel } from '../render-channel.ts';
import { threadState } from '../thread-state.ts';

const TYPES = { public_channel: 'channel', private_channel: 'group', im: 'im', mpim: 'mpim' } as const;

/** Methods that read conversations. */
export const conversationReadMethods: Readonly<Record<string, Method>> = {
  'conversations.list': {
    tier: 2,
    scopes: conversationScopes('read'),
    checksScopesItself: true,
    needsTeam: true,
    acceptsJson: false,
    run(call) {
      const types = typesOf(call);
      const { workspace, caller } = call;
      const listed = workspace.channels.filter(
        (channel) =>
          types.includes(channel.type) &&
          channel.isHidden !== true &&
          (channel.type === 'channel' || channel.members.has(caller)) &&
          !(call.flag('exclude_archived') && channel.isArchived),
      );
      // Documented: "an integer with a max value of 999", "invalid_limit".
      const limit = call.integer('limit', { default: 100, max: 999, tooLarge: 'invalid_limit' });
      const page = paginate(listed, {
        kind: 'team',
        key: ({ id }) => id,
        cursor: call.text('cursor'),
        limit,
        crowd: types.includes('channel') ? workspace.crowd.channels : undefined,
      });
      return {
        channels: page.items.map((channel) => ({
          ...renderChannel(workspace, channel, caller),
          ...(channel.type === 'im' ? {} : { num_members: channel.members.size }),
        })),
        response_metadata: { next_cursor: page.nextCursor ?? '' },
      };
    },
  },
  // https://docs.slack.dev/reference/methods/users.conversations
  'users.conversations': {
    tier: 3,
    scopes: conversationScopes('read'),
    checksScopesItself: true,
    needsTeam: true,
    acceptsJson: false,
    run(call) {
      const { workspace, caller } = call;
      const types = typesOf(call);
      const user = workspace.user(call.text('user') ?? caller).id;
      const listed = workspace.channels.filter(
        (channel) =>
          types.includes(channel.type) &&
          channel.isHidden !== true &&
          channel.members.has(user) &&
          call.sees(channel) &&
          !(call.flag('exclude_archived') && channel.isArchived),
      );
      const limit = call.integer('limit', { default: 100, max: 999, tooLarge: 'invalid_limit' });
      const page = paginate(listed, { kind: 'team', key: ({ id }) => id, cursor: call.text('cursor'), limit });
      return {
        channels: page.items.map((channel) => {
          const { is_member: _is_member, ...shown } = renderChannel(workspace, channel, caller);
          return shown;
        }),
        response_metadata: { next_cursor: page.nextCursor ?? '' },
      };
    },
  },
  'conversations.info': {
    tier: 3,
    scopes: conversationScopes('read'),
    checksScopesItself: true,
    acceptsJson: false,
    run(call) {
      const channel = scopedChannel(call, 'read');
      const shown = { ...renderChannel(call.workspace, channel, call.caller), ...readState(call, channel) };
      return { channel: call.flag('include_num_members') ? { ...shown, num_members: channel.members.size } : shown };
    },
  },
  'conversations.members': {
    tier: 4,
    scopes: conversationScopes('read'),
    checksScopesItself: true,
    acceptsJson: false,
    run(call) {
      const channel = scopedChannel(call, 'read');
      const limit = call.integer('limit', { default: 100, max: 1000 });
      const members = [...channel.members];
      const page = paginate(members, { kind: 'user', key: (id) => id, cursor: call.text('cursor'), limit });
      return { members: page.items, response_metadata: { next_cursor: page.nextCursor ?? '' } };
    },
  },
  'conversations.history': {
    tier: 3,
    scopes: conversationScopes('history'),
    checksScopesItself: true,
    // Documented: accepts application/json.
    acceptsJson: true,
    run(call) {
      const channel = readableChannel(call);
      const isForward =
        call.text('oldest') !== undefined &&
        call.text('latest') === undefined &&
        call.workspace.behavior.pageAfterOldest === 'oldest';
      const window = call.workspace.log(channel.id).topLevel().filter(inWindow(call));
      const page = pageOf(call, isForward ? window : window.reverse(), { default: 100, max: 999 });
      // Each page is newest first, even when the pages themselves start at `oldest`.
      if (isForward) page.items.reverse();
      return {
        ...renderPage(call, channel, page),
        pin_count: 0,
        channel_actions_ts: null,
        channel_actions_count: 0,
        ...(call.text('latest') === undefined ? {} : { latest: call.text('latest') }),
      };
    },
  },
  'conversations.replies': {
    tier: 3,
    scopes: conversationScopes('history'),
    checksScopesItself: true,
    acceptsJson: false,
    run(call) {
      const channel = readableChannel(call);
      const log = call.workspace.log(channel.id);
      const asked = log.get(call.requiredText('ts'));
      if (!asked) throw new SlackApiError('thread_not_found');
      // The ts of a reply returns only that reply (reported in slackapi/bolt-python#783).
      const isReply = asked.thread_ts !== undefined && asked.thread_ts !== asked.ts;
      const replies = isReply ? [] : log.replies(asked.ts).filter(inWindow(call));
      const page = pageOf(call, replies, { default: 1000, max: 1000 });
      // Every page starts with the parent, which does not count: a limit of 15 returns 16 messages
      // (reported for slackdump and clacks#86).
      const rendered = renderPage(call, channel, { ...page, items: [asked, ...page.items] });
      return isReply ? rendered : withUnreadCount(call, channel, asked, rendered);
    },
  },
};

/** Returns the types of conversation to list, after checking the scope of each. */
function typesOf(call: Call): Channel['type'][] {
  const types = (call.text('types') ?? 'public_channel').split(',').map((name) => {
    if (!Object.hasOwn(TYPES, name.trim())) throw new SlackApiError('invalid_types');
    return TYPES[name.trim() as keyof typeof TYPES];
  });
  for (const type of types) call.requireScope(conversationScope(type, 'read'));
  return types;
}

/**
 * Returns how far a person has read a conversation. Slack counts the unread messages only of direct messages
 * (https://docs.slack.dev/reference/methods/conversations.info, korotovsky/slack-mcp-server#322). Slack does not
 * document the answer to a bot token, so the simulator returns nothing for a bot token.
 */
function readState({ workspace, actor, caller }: Call, channel: Channel): JsonObject {
  if (actor.kind === 'bot' || !channel.members.has(caller)) return {};
  const log = workspace.log(channel.id);
  const last_read = log.lastRead.get(caller) ?? '0000000000.000000';
  if (channel.type !== 'im') return { last_read };
  const unread = log.topLevel().filter(({ ts }) => compareTs(ts, last_read) > 0).length;
  return { last_read, unread_count: unread, unread_count_display: unread };
}

function scopedChannel(call: Call, family: 'history' | 'read'): Channel {
  const channel = call.visibleChannel();
  call.requireScope(conversationScope(channel.type, family));
  return channel;
}

function readableChannel(call: Call): Channel {
  scopedChannel(call, 'history');
  return call.memberChannel();
}

/**
 * Returns a filter for messages between `oldest` and `latest`. The bounds themselves are included only if `inclusive`
 * is set.
 */
function inWindow(call: Call): (message: Message) => boolean {
  const oldest = timestamp(call, 'oldest');
  const latest = timestamp(call, 'latest');
  const nearest = call.flag('inclusive') ? 0 : 1;
  return ({ ts }) =>
    (oldest === undefined || compareTs(ts, oldest) >= nearest) &&
    (latest === undefined || compareTs(latest, ts) >= nearest);
}

function timestamp(call: Call, name: 'oldest' | 'latest'): string | undefined {
  const value = call.text(name);
  if (value === undefined) return undefined;
  if (!/^\d+(\.\d*)?$/.test(value)) throw new SlackApiError(`invalid_ts_${name}`);
  const [seconds, micros = ''] = value.split('.');
  return `${seconds}.${micros.padEnd(6, '0')}`;
}

function pageOf(call: Call, messages: readonly Message[], limits: { default: number; max: number }): Page<Message> {
  const key = ({ ts }: Message): string => ts.replace('.', '');
  return paginate(messages, {
    kind: 'next_ts',
    key,
    cursor: call.text('cursor'),
    limit: call.integer('limit', limits),
  });
}

function renderPage(call: Call, channel: Channel, page: Page<Message>): JsonObject {
  return compact({
    messages: page.items.map((message) => ({
      ...renderMessage(call.workspace, channel, message),
      ...threadState(call, channel, message)?.fields,
    })),
    has_more: page.nextCursor !== undefined,
    response_metadata: page.nextCursor === undefined ? undefined : { next_cursor: page.nextCursor },
  });
}

/** Adds the number of unread replies to the first message of a thread, for a person who follows the thread. */
function withUnreadCount(call: Call, channel: Channel, parent: Message, rendered: JsonObject): JsonObject {
  const unread = threadState(call, channel, parent)?.unread;
  const [first, ...replies] = rendered['messages'] as JsonObject[];
  return unread === undefined ? rendered : { ...rendered, messages: [{ ...first, unread_count: unread }, ...replies] };
}
