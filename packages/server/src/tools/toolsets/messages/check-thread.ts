import { SlackApiError, SlackError } from '@slack-mcp/slack';
import type { ChannelId } from '../../gates/channel-id.ts';
import { NotAllowedError } from '../../gates/not-allowed-error.ts';
import type { ToolContext } from '../../tool-context.ts';

/**
 * Refuses a thread that does not exist, because Slack shows content for such a thread to the whole channel. A thread that
 * the server cannot or may not read is not refused.
 *
 * @throws SlackApiError - the thread does not exist
 */
export async function checkThread(
  channel: ChannelId,
  ts: string,
  { slack, channelsFor, signal }: Pick<ToolContext, 'slack' | 'channelsFor' | 'signal'>,
): Promise<void> {
  try {
    const readable = await channelsFor({ writes: false }).resolve(channel, { signal });
    await slack.call('conversations.replies', { channel: readable, ts, limit: 1 }, { signal });
  } catch (error) {
    signal.throwIfAborted();
    const isMissing = error instanceof SlackApiError && error.slackError === 'thread_not_found';
    if (isMissing || !(error instanceof SlackError || error instanceof NotAllowedError)) throw error;
  }
}
