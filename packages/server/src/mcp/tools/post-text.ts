import type { ToolContext } from '../define-tool.ts';
import { stringOf } from '../messages/json-fields.ts';

/** A text to post. */
export interface TextToPost {
  channel: string;
  text: string;
  thread_ts?: string;
}

/**
 * Posts a text, and returns where it went. Links are not unfurled: a preview makes Slack fetch an address that may have
 * come from content somebody else wrote. Every tool that posts does it here.
 */
export async function postText(
  message: TextToPost,
  { slack, signal }: ToolContext,
): Promise<{ channel: string; ts: string }> {
  const answer = await slack.call(
    'chat.postMessage',
    { ...message, unfurl_links: false, unfurl_media: false },
    { signal },
  );
  return { channel: stringOf(answer['channel']) || message.channel, ts: stringOf(answer['ts']) };
}
