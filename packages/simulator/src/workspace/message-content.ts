import type { SlackBehavior } from '../slack-behavior.ts';
import type { Message } from './model.ts';

/** The content of a new message, without its conversation and author. */
export interface MessageContent {
  text: string;
  /** The `ts` of any message in the thread to reply to. */
  threadTs?: string | undefined;
  /** What to do with a reply whose parent was deleted; default `refuse`. */
  orphaned?: SlackBehavior['orphanedReply'] | undefined;
  /** Also shows a reply in the channel. */
  broadcast?: boolean | undefined;
  /** Set only for seeded messages; a new message takes it from the clock. */
  ts?: string | undefined;
  /** Other fields of the message, such as `blocks` or `metadata`. */
  fields?: Partial<Message>;
}
