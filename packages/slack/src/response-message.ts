import type { Block, KnownBlock, MessageAttachment } from './foreign-types.ts';

/** The body of a post to a `response_url`, which sends a message or changes the original message. */
export interface ResponseMessage {
  readonly text?: string | undefined;
  readonly blocks?: readonly (KnownBlock | Block)[] | undefined;
  readonly attachments?: readonly MessageAttachment[] | undefined;
  /** Who sees the message: only the user (`ephemeral`, Slack's default) or the whole conversation (`in_channel`). */
  readonly response_type?: 'ephemeral' | 'in_channel' | undefined;
  /** Whether to replace the original message. */
  readonly replace_original?: boolean | undefined;
  /** Whether to delete the original message. */
  readonly delete_original?: boolean | undefined;
  readonly thread_ts?: string | undefined;
  readonly unfurl_links?: boolean | undefined;
  readonly unfurl_media?: boolean | undefined;
}
