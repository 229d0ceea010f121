import type { JsonObject } from '@slack-mcp/core';
import { objectsOf, stringOf } from '../../messages/json-fields.ts';
import { timeOf } from '../../messages/time-text.ts';

/** A scheduled message as tools return it. */
export interface ScheduledMessage {
  scheduled_message_id: string;
  channel: string;
  post_at: number;
  /** `post_at` in UTC. */
  time: string;
  text: string;
}

/** Returns the scheduled messages in an answer of `chat.scheduledMessages.list`. */
export function scheduledMessagesOf(answer: JsonObject): ScheduledMessage[] {
  return objectsOf(answer['scheduled_messages']).map((message) => {
    const postAt = Number(message['post_at'] ?? 0);
    return {
      // Slack documents the ID as a number, and its SDK as a string.
      scheduled_message_id: String(message['id'] ?? ''),
      channel: stringOf(message['channel_id']),
      post_at: postAt,
      time: timeOf(postAt),
      text: stringOf(message['text']),
    };
  });
}
