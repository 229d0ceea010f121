import type { JsonObject } from '../json.ts';
import { compareTs } from '../workspace/clock.ts';
import type { Channel, Message } from '../workspace/model.ts';
import type { Call } from './call.ts';

/** How far a person has read a thread. */
export interface ThreadState {
  /** The fields of the thread's first message. */
  readonly fields: JsonObject;
  /** Number of unread replies, if the person follows the thread. */
  readonly unread?: number;
}

/**
 * Returns how far the caller has read the thread of a message. Returns undefined for a bot and for a message without
 * replies. The fields are those of the example at https://docs.slack.dev/reference/methods/conversations.replies. A
 * person follows the threads that they started, replied to or are mentioned in
 * (https://slack.com/help/articles/115000769927), and has read a thread up to their own last message in it. No method
 * for apps marks a thread as read.
 */
export function threadState(
  { workspace, actor, caller }: Call,
  channel: Channel,
  parent: Message,
): ThreadState | undefined {
  const replies = workspace.log(channel.id).replies(parent.ts);
  if (actor.kind === 'bot' || replies.length === 0) return undefined;
  const messages = [parent, ...replies];
  const own = messages.filter(({ user }) => user === caller);
  const isMentioned = messages.some(({ text }) => text.includes(`<@${caller}>`));
  if (own.length === 0 && !isMentioned) return { fields: { subscribed: false } };
  const last_read = own.at(-1)?.ts ?? '0000000000.000000';
  const unread = replies.filter(({ ts }) => compareTs(ts, last_read) > 0).length;
  return { fields: { subscribed: true, last_read }, unread };
}
