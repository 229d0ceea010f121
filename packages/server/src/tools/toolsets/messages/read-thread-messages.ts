import { z } from 'zod';
import { channelArgument, cursorArgument, limitArgument, timestampArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { messagePageSchema, slackLimit, toMessagePage } from '../../messages/message-page.ts';

/** `slack_read_thread_messages`: a thread with its first message. */
export const readThreadMessagesTool: Tool = defineTool({
  name: 'slack_read_thread_messages',
  title: 'Read a thread',
  description: 'Read a thread of a Slack channel, oldest first, beginning with the message that started it.',
  input: z.strictObject({
    channel: channelArgument,
    thread_ts: timestampArgument.describe("The first message's ts"),
    limit: limitArgument,
    cursor: cursorArgument,
  }),
  output: messagePageSchema,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  toolset: 'messages',
  scopes: ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  long: true,
  async run({ channel, thread_ts, limit, cursor }, { slack, channels, signal }) {
    const id = await channels.resolve(channel, { signal });
    const asked = slackLimit(limit);
    const answer = await slack.call(
      'conversations.replies',
      { channel: id, ts: thread_ts, limit: asked, cursor },
      { signal },
    );
    return toMessagePage(id, answer, asked);
  },
});
