import type { Block, KnownBlock, MessageAttachment } from '@slack/web-api';

/** What a `response_url` takes: a message, or what becomes of the one that was acted on. */
export interface ResponseMessage {
  readonly text?: string | undefined;
  readonly blocks?: readonly (KnownBlock | Block)[] | undefined;
  readonly attachments?: readonly MessageAttachment[] | undefined;
  /** Who sees it: only the user (`ephemeral`, Slack's default) or the conversation. */
  readonly response_type?: 'ephemeral' | 'in_channel' | undefined;
  /** Replaces the message that was acted on. */
  readonly replace_original?: boolean | undefined;
  /** Deletes it. */
  readonly delete_original?: boolean | undefined;
  readonly thread_ts?: string | undefined;
  readonly unfurl_links?: boolean | undefined;
  readonly unfurl_media?: boolean | undefined;
}
