import { z } from 'zod';
import { channelArgument, cursorArgument, limitArgument, timestampArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { messagePageSchema, slackLimit, toMessagePage } from '../../messages/message-page.ts';

/** `slack_read_channel_messages`: the history of a channel. */
export const readChannelMessagesTool: Tool = defineTool({
  name: 'slack_read_channel_messages',
  title: 'Read a channel',
  description:
    'Read messages of a Slack channel, newest first, without the replies in threads: a message with reply_count has a thread, to be read with slack_read_thread_messages.',
  input: z.strictObject({
    channel: channelArgument,
    limit: limitArgument,
    oldest: timestampArgument.optional().describe('Only messages after this timestamp'),
    latest: timestampArgument.optional().describe('Only messages before this timestamp'),
    inclusive: z.boolean().default(false).describe('Include messages at oldest and latest'),
    cursor: cursorArgument,
  }),
  output: messagePageSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  toolset: 'messages',
  scopes: ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  long: true,
  async run({ channel, limit, ...window }, { slack, channels, signal }) {
    const id = await channels.resolve(channel, { signal });
    const asked = slackLimit(limit);
    const answer = await slack.call('conversations.history', { channel: id, limit: asked, ...window }, { signal });
    return toMessagePage(id, answer, asked);
  },
});
