import type { SlackBehavior } from '../slack-behavior.ts';
import type { Message } from './model.ts';

/** What a new message holds, besides its conversation and author. */
export interface MessageContent {
  text: string;
  /** Any message of the thread to answer in. */
  threadTs?: string | undefined;
  /** Where a reply goes whose parent is gone; default `refuse`. */
  orphaned?: SlackBehavior['orphanedReply'] | undefined;
  /** Shows a reply in the channel too. */
  broadcast?: boolean | undefined;
  /** Given only where the past is restored; a new message gets the clock's. */
  ts?: string | undefined;
  /** Further fields of the message, such as `blocks` or `metadata`. */
  fields?: Partial<Message>;
}
