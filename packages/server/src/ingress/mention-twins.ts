import type { JsonObject, JsonValue } from '@slack-mcp/core';
import type { Delivery } from './delivery.ts';
import { createRecentIds } from './recent-ids.ts';

/** Milliseconds that a message which mentions the app waits for its `app_mention`: Slack sends the two together. */
const WAIT_MS = 1_000;

/**
 * Tells that a `message` is an `app_mention` told a second time. Slack sends both, with different event ids, to an app
 * that listens to both.
 */
export interface MentionTwins {
  /**
   * Whether the queue has the `app_mention` of this message: the same app, channel and `ts`. A message that mentions
   * the app waits a moment for it. When in doubt it is `false`: an app without `app_mention` loses nothing.
   */
  hasTwin(delivery: Delivery): Promise<boolean>;
  /** The queue has this delivery. */
  published(delivery: Delivery): void;
}

/** Remembers mentions in this process for 15 minutes. */
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
      if (!mentions.has(post) && mentionsApp(delivery.payload)) await wait(post);
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

/** Kinds of message that can be a mention; a change or deletion of one is news of its own. */
const SUBTYPES: ReadonlySet<JsonValue | undefined> = new Set([undefined, 'file_share']);

/** The post an event is about, as one app sees it. */
function postOf({ payload, channel }: Delivery): string | undefined {
  const event = payload['event'] as JsonObject | undefined;
  const ts = event?.['ts'];
  if (typeof ts !== 'string' || ts === '' || channel === undefined || !SUBTYPES.has(event?.['subtype']))
    return undefined;
  return JSON.stringify([payload['api_app_id'] ?? null, payload['team_id'] ?? null, channel, ts]);
}

function mentionsApp({ event, authorizations }: JsonObject): boolean {
  const text = (event as JsonObject)['text'];
  if (typeof text !== 'string' || !Array.isArray(authorizations)) return false;
  return (authorizations as (JsonObject | null)[]).some(
    (authorization) => authorization?.['is_bot'] === true && text.includes(`<@${String(authorization['user_id'])}`),
  );
}
