import { z } from 'zod';
import { defineTool, type Tool } from '../define-tool.ts';
import { postText } from './post-text.ts';
import { channelArgument, textArgument } from './tool-arguments.ts';

/** `slack_post_message`: a message in a channel. */
export const postMessageTool: Tool = defineTool({
  name: 'slack_post_message',
  title: 'Post a message',
  description:
    'Post a message to a Slack channel. To answer in a thread use slack_thread_reply. Text is Slack mrkdwn: *bold*, <https://example.com|link>, <@U0123456789>.',
  input: z.strictObject({ channel: channelArgument, text: textArgument }),
  output: z.object({ channel: z.string(), ts: z.string() }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  toolset: 'messages',
  scopes: ['chat:write'],
  async run({ channel, text }, context) {
    return postText({ channel: await context.channels.resolve(channel, context), text }, context);
  },
});
