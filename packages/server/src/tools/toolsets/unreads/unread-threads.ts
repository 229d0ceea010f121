import type { JsonObject, JsonValue } from '@slack-mcp/core';
import type { ChannelId } from '../../gates/channel-id.ts';
import { objectsOf, stringOf } from '../../messages/json-fields.ts';
import type { ToolContext } from '../../tool-context.ts';
import { mentionsPerson } from './mentions-person.ts';
import { asPerson } from './person.ts';

/** Maximum number of threads to read in one conversation. Threads with the newest replies are read first. */
const MOST_THREADS = 5;

/** Maximum number of unread replies to count in one thread. */
const MOST_REPLIES = 100;

/** A thread with unread replies. */
export interface UnreadThread {
  readonly thread_ts: string;
  /** Number of unread replies, without the person's own. */
  readonly unread: number;
  /** Number of unread replies that mention the person or the whole channel. */
  readonly mentions: number;
  /** The `ts` of the last message of the thread that the person has read. */
  readonly last_read: string;
}

/**
 * Counts the unread replies in the threads of messages. Slack says of each thread whether the person follows it and how
 * far the person has read it: `subscribed`, `last_read` and `latest_reply` of the first message. Sources: the example
 * at docs.slack.dev/reference/methods/conversations.replies, and ConversationsHistoryResponse of @slack/web-api. Slack
 * has no method for apps that lists the threads that a person follows.
 *
 * @param messages - messages of the conversation, as Slack returns them to the person
 * @param person - the ID of the user token's owner
 * @throws SlackError
 */
export async function countUnreadReplies(
  channel: ChannelId,
  messages: readonly JsonObject[],
  person: string,
  context: ToolContext,
): Promise<UnreadThread[]> {
  const followed = messages
    .filter(({ subscribed, latest_reply, last_read }) => subscribed === true && isLater(latest_reply, last_read))
    .toSorted((a, b) => (isLater(a['latest_reply'], b['latest_reply']) ? -1 : 1))
    .slice(0, MOST_THREADS);
  const threads: UnreadThread[] = [];
  for (const message of followed) {
    const [thread_ts, lastRead] = [stringOf(message['ts']), stringOf(message['last_read'])];
    const args = { channel, ts: thread_ts, oldest: lastRead || undefined, limit: MOST_REPLIES };
    const [first, ...replies] = objectsOf(
      (await context.slack.call('conversations.replies', args, asPerson(context)))['messages'],
    );
    const last_read = stringOf(first?.['last_read']) || lastRead;
    const unread = replies.filter(({ user, ts }) => user !== person && isLater(ts, last_read));
    const mentions = unread.filter((reply) => mentionsPerson(reply, person)).length;
    if (unread.length > 0) threads.push({ thread_ts, unread: unread.length, mentions, last_read });
  }
  return threads;
}

/** Whether a `ts` is later than another. A `ts` that is missing is the earliest. */
function isLater(ts: JsonValue | undefined, than: JsonValue | undefined): boolean {
  return Number(stringOf(ts)) > Number(stringOf(than));
}
