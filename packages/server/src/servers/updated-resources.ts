import type { JsonObject, JsonValue } from '@slack-mcp/core';
import type { Delivery } from '../ingress/delivery.ts';

/** Which resources, by their paths, are not any more what they were before this was delivered. */
export function updatedResources({ family, kind, channel, payload }: Delivery): readonly string[] {
  if (family !== 'event') return [];
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
      return channel === undefined ? [] : [`channels/${encodeURIComponent(channel)}`];
    case 'user_change':
    case 'user_profile_changed': {
      const id = objectOf(event['user'])['id'];
      return typeof id === 'string' ? [`users/${encodeURIComponent(id)}`] : [];
    }
    case 'emoji_changed':
      return ['emojis'];
    default:
      return [];
  }
}

function messagesOf(channel: string, thread: string | undefined): readonly string[] {
  const path = `channels/${encodeURIComponent(channel)}`;
  const messages = `${path}/messages`;
  return thread === undefined ? [messages] : [messages, `${path}/threads/${encodeURIComponent(thread)}`];
}

/** The thread of a message, also of one that was changed or removed. */
function threadOf(event: JsonObject): string | undefined {
  for (const message of [event, objectOf(event['message']), objectOf(event['previous_message'])]) {
    const thread = message['thread_ts'];
    if (typeof thread === 'string') return thread;
  }
  return undefined;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
