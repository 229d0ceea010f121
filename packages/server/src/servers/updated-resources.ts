import type { JsonObject, JsonValue } from '@slack-mcp/core';
import type { Delivery } from '../ingress/delivery.ts';

const ID = /^[A-Z][A-Z0-9]{1,30}$/;
const TIMESTAMP = /^\d{1,16}\.\d{1,9}$/;

/** Returns the paths of the resources that a delivery changes. Never throws. */
export function updatedResources({ family, kind, payload, ...delivery }: Delivery): readonly string[] {
  if (family !== 'event') return [];
  const channel = matching(ID, delivery.channel);
  const event = objectOf(payload['event']);
  switch (kind) {
    case 'message':
    case 'app_mention':
      return channel === undefined ? [] : messagesOf(channel, threadOf(event));
    case 'reaction_added':
    case 'reaction_removed':
      return channel === undefined ? [] : messagesOf(channel, undefined);
    case 'channel_rename':
    case 'channel_archive':
    case 'channel_unarchive':
    case 'channel_shared':
    case 'channel_unshared':
    case 'group_rename':
    case 'group_archive':
    case 'group_unarchive':
    case 'member_joined_channel':
    case 'member_left_channel':
      return channel === undefined ? [] : [`channels/${channel}`];
    case 'user_change':
    case 'user_profile_changed': {
      const id = matching(ID, objectOf(event['user'])['id']);
      return id === undefined ? [] : [`users/${id}`];
    }
    case 'emoji_changed':
      return ['emojis'];
    default:
      return [];
  }
}

function messagesOf(channel: string, thread: string | undefined): readonly string[] {
  const messages = `channels/${channel}/messages`;
  return thread === undefined ? [messages] : [messages, `channels/${channel}/threads/${thread}`];
}

/** Returns the thread of the message in an event, even if the message was changed or removed. */
function threadOf(event: JsonObject): string | undefined {
  for (const message of [event, objectOf(event['message']), objectOf(event['previous_message'])]) {
    const thread = matching(TIMESTAMP, message['thread_ts']);
    if (thread !== undefined) return thread;
  }
  return undefined;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function matching(pattern: RegExp, value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}
