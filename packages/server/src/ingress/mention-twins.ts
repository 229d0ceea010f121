import type { JsonObject, JsonValue } from '@slack-mcp/core';
import type { Delivery } from './delivery.ts';
import { createRecentIds } from './recent-ids.ts';

/**
 * How long, in milliseconds, a message that mentions the app waits for its `app_mention`. Slack sends the `message` and
 * its `app_mention` at almost the same time.
 */
const WAIT_MS = 1_000;

/**
 * Recognizes a `message` that Slack also sends as an `app_mention`. An app that subscribes to both events receives two
 * deliveries with different event ids.
 */
export interface MentionTwins {
  /**
   * Whether the `app_mention` of a message, with the same app, channel and `ts`, is in the queue. For a message that
   * mentions the app, the method waits briefly for the `app_mention`. If the `app_mention` does not arrive, returns
   * `false`, so that an app without `app_mention` events loses no message.
   */
  hasTwin(delivery: Delivery): Promise<boolean>;
  /** Records that a delivery is in the queue. */
  published(delivery: Delivery): void;
}

/** Creates a store that remembers mentions in the memory of this process for 15 minutes. */
export function createMentionTwins(waitMs: number = WAIT_MS): MentionTwins {
  const mentions = createRecentIds();
  const waiting = new Map<string, Set<() => void>>();

  function wait(post: string): Promise<void> {
    return new Promise((resolve) => {
      const waiters = waiting.get(post) ?? new Set();
      const wake = (): void => {
        clearTimeout(timer);
        waiters.delete(wake);
        if (waiters.size === 0) waiting.delete(post);
        resolve();
      };
      const timer = setTimeout(wake, waitMs);
      waiting.set(post, waiters.add(wake));
    });
  }

  return {
    hasTwin: async (delivery) => {
      const post = delivery.kind === 'message' ? postOf(delivery) : undefined;
      if (post === undefined) return false;
      if (!mentions.has(post) && awaitsMention(delivery)) await wait(post);
      return mentions.has(post);
    },
    published: (delivery) => {
      const post = delivery.kind === 'app_mention' ? postOf(delivery) : undefined;
      if (post === undefined) return;
      mentions.add(post);
      for (const wake of waiting.get(post) ?? []) wake();
    },
  };
}

/** Subtypes of messages that can be a mention. A change or deletion of a message is a separate event. */
const SUBTYPES: ReadonlySet<JsonValue | undefined> = new Set([
  undefined,
  'bot_message',
  'file_share',
  'me_message',
  'thread_broadcast',
]);

/**
 * Returns a text that identifies the message of an event for one app. The text does not contain the workspace, because
 * in a shared channel the `message` and the `app_mention` can name different workspaces; channel ids are unique across
 * workspaces.
 */
function postOf({ payload, channel }: Delivery): string | undefined {
  const event = payload['event'] as JsonObject | undefined;
  const ts = event?.['ts'];
  if (typeof ts !== 'string' || ts === '' || channel === undefined || !SUBTYPES.has(event?.['subtype']))
    return undefined;
  return JSON.stringify([payload['api_app_id'] ?? null, channel, ts]);
}

/**
 * Whether Slack sends an `app_mention` for a message. Slack sends no `app_mention` for direct messages, so direct
 * messages are published at once.
 */
function awaitsMention({ payload, channel }: Delivery): boolean {
  const { event, authorizations } = payload;
  const { channel_type: type, text, blocks } = event as JsonObject;
  if (type === 'im' || type === 'app_home' || channel?.startsWith('D') || !Array.isArray(authorizations)) return false;
  return (authorizations as (JsonObject | null)[]).some((authorization) => {
    const user = authorization?.['user_id'];
    if (authorization?.['is_bot'] !== true || typeof user !== 'string') return false;
    return (typeof text === 'string' && text.includes(`<@${user}`)) || holdsUser(blocks, user);
  });
}

/** Whether blocks mention a user, either as a `user` element or in a text. */
function holdsUser(value: JsonValue | undefined, user: string): boolean {
  if (typeof value === 'string') return value.includes(`<@${user}`);
  if (Array.isArray(value)) return value.some((item) => holdsUser(item, user));
  if (value === null || typeof value !== 'object') return false;
  if (value['type'] === 'user' && value['user_id'] === user) return true;
  return Object.values(value).some((item) => holdsUser(item, user));
}
