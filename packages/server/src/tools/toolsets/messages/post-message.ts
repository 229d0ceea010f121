import { z } from 'zod';
import { channelArgument, idempotencyKeyArgument, textArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { broadcastNotice, postText } from './post-text.ts';

/** `slack_post_message`: a message in a channel. */
export const postMessageTool: Tool = defineTool({
  name: 'slack_post_message',
  title: 'Post a message',
  description:
    'Post a message to a Slack channel. To answer in a thread use slack_thread_reply. Text is Slack mrkdwn: *bold*, <https://example.com|link>, <@U0123456789>.',
  input: z.strictObject({ channel: channelArgument, text: textArgument, idempotency_key: idempotencyKeyArgument }),
  output: z.object({ channel: z.string(), ts: z.string(), notice: z.string().optional() }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  toolset: 'messages',
  scopes: ['chat:write'],
  async run({ channel, text, idempotency_key }, context) {
    const id = await context.channels.resolve(channel, context);
    return {
      ...(await postText({ channel: id, text }, context, idempotency_key)),
      ...broadcastNotice([text], context),
    };
  },
});
