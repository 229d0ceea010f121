import type { MessageEvent, SlackEvent } from '@slack/types';
import { buildEvent } from '../events/build-event.ts';
import { compact, type JsonObject } from '../json.ts';
import type { Clock } from './clock.ts';
import type { Channel, Message, Team } from './model.ts';
import { type MessageLogs, renderMessage } from './render-message.ts';

/** The data of a workspace that is needed to build its events. */
export interface EventSource extends MessageLogs {
  readonly clock: Clock;
  readonly team: Team;
}

export function messagePosted(workspace: EventSource, channel: Channel, message: Message): SlackEvent {
  return asEvent({ ...renderMessage(workspace, channel, message), ...where(channel), event_ts: message.ts });
}

/**
 * Builds the `app_mention` event of a message. The event of a reply that was also sent to the channel keeps the reply's
 * subtype and root (reported in soxtoby/SlackNet#69). The event of an edited message has `edited` and the time of the
 * edit (reported in slackapi/bolt-js#960 and slack-go/slack#1256).
 */
export function mentioned(workspace: EventSource, channel: Channel, message: Message): SlackEvent {
  const { user, bot_id, client_msg_id, text, team, thread_ts, parent_user_id, blocks, attachments, ts } = message;
  const said = { user, bot_id, client_msg_id, text, team, thread_ts, parent_user_id, blocks, attachments, ts };
  const { root, subtype } = renderMessage(workspace, channel, message);
  const broadcast = subtype === 'thread_broadcast' ? { subtype, root } : {};
  const { edited } = message;
  return asEvent(
    compact({ type: 'app_mention', ...said, ...broadcast, edited, channel: channel.id, event_ts: edited?.ts ?? ts }),
  );
}

export function messageChanged(
  workspace: EventSource,
  channel: Channel,
  message: Message,
  /** The message before the change, as Slack showed it. */
  previous: JsonObject,
): SlackEvent {
  const ts = workspace.clock.nextTs();
  return buildEvent('message', {
    subtype: 'message_changed',
    ...where(channel),
    message: renderMessage(workspace, channel, message) as unknown as MessageEvent,
    previous_message: previous as unknown as MessageEvent,
    ts,
    event_ts: ts,
  });
}

export function messageDeleted(workspace: EventSource, channel: Channel, message: Message): SlackEvent {
  const ts = workspace.clock.nextTs();
  return buildEvent('message', {
    subtype: 'message_deleted',
    ...where(channel),
    previous_message: renderMessage(workspace, channel, message) as unknown as MessageEvent,
    deleted_ts: message.ts,
    ts,
    event_ts: ts,
  });
}

export function reaction(
  workspace: EventSource,
  type: 'reaction_added' | 'reaction_removed',
  channel: Channel,
  message: Message,
  user: string,
  name: string,
): SlackEvent {
  return buildEvent(type, {
    user,
    reaction: name,
    item_user: message.user ?? '',
    item: { type: 'message', channel: channel.id, ts: message.ts },
    event_ts: workspace.clock.nextTs(),
  });
}

export function memberJoined(workspace: EventSource, channel: Channel, user: string, inviter?: string): SlackEvent {
  return buildEvent('member_joined_channel', {
    user,
    channel: channel.id,
    channel_type: channel.type === 'group' ? 'G' : 'C',
    team: workspace.team.id,
    ...(inviter === undefined ? {} : { inviter }),
    event_ts: workspace.clock.nextTs(),
  });
}

export function channelCreated(workspace: EventSource, channel: Channel): SlackEvent {
  const created = buildEvent('channel_created', { event_ts: workspace.clock.nextTs() });
  const { id, name, creator } = channel;
  Object.assign(created.channel, { id, name, name_normalized: name, created: channel.created, creator });
  return created;
}

function where(channel: Channel): { channel: string; channel_type: Channel['type'] } {
  return { channel: channel.id, channel_type: channel.type };
}

/**
 * Casts an object to an event. The fields come from the posted message, so the compiler cannot check that they match
 * the type of the event.
 */
function asEvent(event: JsonObject): SlackEvent {
  return event as unknown as SlackEvent;
}
