import { SlackApiError } from '../../slack-api-error.ts';
import type { ScheduledMessage } from '../../workspace/scheduled-messages.ts';
import type { Call } from '../call.ts';
import { paginate } from '../cursor.ts';
import type { Method } from '../method.ts';
import { messageContent, threadTs, unfurl } from './message-arguments.ts';

/**
 * How far ahead a message can be scheduled, as documented for `chat.scheduleMessage`: "up to 120 days into the future".
 */
const MOST_AHEAD_S = 120 * 24 * 60 * 60;

/**
 * Maximum number of messages that can be scheduled in a channel within 5 minutes, as documented for
 * `chat.scheduleMessage`.
 */
const MOST_IN_WINDOW = 30;
const WINDOW_S = 5 * 60;

/** How long before its time a message can no longer be cancelled, as documented for `chat.deleteScheduledMessage`. */
const LOCKED_BEFORE_S = 60;

export const scheduledMessageMethods: Readonly<Record<string, Method>> = {
  'chat.scheduleMessage': {
    tier: 3,
    scopes: ['chat:write'],
    acceptsJson: true,
    run(call) {
      const channel = call.writableChannel();
      const postAt = timeOf(call);
      const { text, ...fields } = messageContent(call);
      const thread = threadTs(call);
      const others = call.workspace.scheduled.all.filter((message) => message.channel === channel.id);
      if (isWindowFull(others, postAt)) throw new SlackApiError('restricted_too_many');
      const { id } = call.workspace.scheduled.add({
        channel: channel.id,
        postAt,
        text,
        threadTs: thread,
        broadcast: call.flag('reply_broadcast'),
        fields: { ...fields, ...unfurl(call) },
      });
      const { bot } = call.workspace;
      const message = { type: 'delayed_message', subtype: 'bot_message', text, bot_id: bot.botId, ...fields };
      return { channel: channel.id, scheduled_message_id: id, post_at: postAt, message };
    },
  },
  'chat.scheduledMessages.list': {
    tier: 3,
    scopes: [],
    needsTeam: true,
    acceptsJson: true,
    run(call) {
      const asked = call.text('channel');
      if (asked !== undefined && call.workspace.findChannel(asked)?.id !== asked)
        throw new SlackApiError('invalid_channel');
      const oldest = Number(call.text('oldest') ?? 0);
      const latest = Number(call.text('latest') ?? Number.POSITIVE_INFINITY);
      const items = call.workspace.scheduled.all.filter(
        ({ channel, postAt }) => (asked === undefined || channel === asked) && postAt >= oldest && postAt <= latest,
      );
      const limit = call.integer('limit', { default: 100, max: 1_000 });
      const page = paginate(items, { kind: 'scheduled', key: ({ id }) => id, cursor: call.text('cursor'), limit });
      return {
        scheduled_messages: page.items.map(({ id, channel, postAt, created, text }) => ({
          id,
          channel_id: channel,
          post_at: postAt,
          date_created: created,
          text,
        })),
        response_metadata: { next_cursor: page.nextCursor ?? '' },
      };
    },
  },
  'chat.deleteScheduledMessage': {
    tier: 3,
    scopes: ['chat:write'],
    acceptsJson: true,
    run(call) {
      const channel = call.visibleChannel();
      const found = call.workspace.scheduled.get(call.requiredText('scheduled_message_id'));
      const isLocked = found !== undefined && found.postAt - call.workspace.clock.seconds() < LOCKED_BEFORE_S;
      if (found?.channel !== channel.id || isLocked) throw new SlackApiError('invalid_scheduled_message_id');
      call.workspace.scheduled.remove(found.id);
      return {};
    },
  },
};

function timeOf(call: Call): number {
  const value = call.text('post_at');
  if (value === undefined || !/^\d+$/.test(value)) throw new SlackApiError('invalid_time');
  const now = call.workspace.clock.seconds();
  if (Number(value) <= now) throw new SlackApiError('time_in_past');
  if (Number(value) > now + MOST_AHEAD_S) throw new SlackApiError('time_too_far');
  return Number(value);
}

/** Whether one more message would exceed the maximum number of messages within 5 minutes. */
function isWindowFull(others: readonly ScheduledMessage[], postAt: number): boolean {
  const times = [postAt, ...others.map((message) => message.postAt)];
  return times.some(
    (start) =>
      start <= postAt &&
      postAt < start + WINDOW_S &&
      times.filter((time) => time >= start && time < start + WINDOW_S).length > MOST_IN_WINDOW,
  );
}
