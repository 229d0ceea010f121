import { z } from 'zod';
import { SlackError, SlackNetworkError } from '../../slack/slack-error.ts';
import { defineTool, type Tool } from '../define-tool.ts';
import { describeSlackError, ToolError } from '../tool-result.ts';
import { postText } from './post-text.ts';
import { channelArgument, textArgument, timestampArgument } from './tool-arguments.ts';

/** `slack_thread_reply`: one or more replies in a thread, in their order. */
export const threadReplyTool: Tool = defineTool({
  name: 'slack_thread_reply',
  title: 'Reply in a thread',
  description:
    'Post one or more replies to a thread of a Slack channel, in the given order. If one fails, those after it are not posted, and the result says which.',
  input: z.strictObject({
    channel: channelArgument,
    thread_ts: timestampArgument.describe("The first message's ts"),
    texts: z.array(textArgument).min(1).max(20),
  }),
  output: z.object({
    channel: z.string(),
    thread_ts: z.string(),
    posted: z.array(z.object({ index: z.int(), ts: z.string() })),
    not_posted: z.array(z.int()).describe('Indexes into texts'),
    uncertain: z.int().optional().describe('Index of a text that may have been posted'),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  toolset: 'messages',
  scopes: ['chat:write'],
  async run({ channel, thread_ts, texts }, context) {
    const id = await context.channels.resolve(channel, context);
    const posted: { index: number; ts: string }[] = [];
    for (const [index, text] of texts.entries()) {
      try {
        const { ts } = await postText({ channel: id, thread_ts, text }, context);
        posted.push({ index, ts });
      } catch (error) {
        if (!(error instanceof SlackError)) throw error;
        const uncertain = error instanceof SlackNetworkError && error.outcomeUnknown;
        const rest = texts.slice(index + 1).map((_, offset) => index + 1 + offset);
        throw new ToolError(
          `posted ${posted.length} of ${texts.length} replies; reply ${index} failed. ${describeSlackError(error)} Then post only what is missing.`,
          {
            channel: id,
            thread_ts,
            posted,
            not_posted: uncertain ? rest : [index, ...rest],
            ...(uncertain ? { uncertain: index } : {}),
          },
          { cause: error },
        );
      }
    }
    return { channel: id, thread_ts, posted, not_posted: [] };
  },
});
