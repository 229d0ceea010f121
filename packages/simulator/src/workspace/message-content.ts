import type { SlackBehavior } from '../slack-behavior.ts';
import type { Message } from './model.ts';

/** The content of a new message, without its conversation and author. */
export interface MessageContent {
  text: string;
  /** The `ts` of any message in the thread to reply to. */
  threadTs?: string | undefined;
  /** What to do with a reply whose parent message was deleted; default `refuse`. */
  orphaned?: SlackBehavior['orphanedReply'] | undefined;
  /** Whether a reply is also shown in the channel. */
  broadcast?: boolean | undefined;
  /** The `ts` of a message from the seed. A new message gets its `ts` from the workspace's clock. */
  ts?: string | undefined;
  /** Other fields of the message, such as `blocks` or `metadata`. */
  fields?: Partial<Message>;
}
