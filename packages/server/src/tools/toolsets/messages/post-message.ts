import { z } from 'zod';
import { channelArgument, idempotencyKeyArgument, textArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { CHANNEL_USAGE } from '../../tool-usage.ts';
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
  scopes: ['chat:write'],
  usage: {
    title: 'How to post a message',
    arguments: [CHANNEL_USAGE],
    when: 'a person should see something in a Slack channel: an alert, a reminder, a summary, an announcement',
    guidance: [
      'channel: the id (C0123456789) or the exact name. Names that are unknown or not unique are refused with candidates; ask the user instead of guessing.',
      'text: up to 40,000 characters, better less than 4,000. Slack mrkdwn: *bold*, _italic_, `code`, <https://example.com|link>, <@U0123456789> to mention.',
      'Show the user the text before posting unless the user asked to post at once. A message cannot be taken back with these tools.',
      'The result holds the ts of the message; keep it for replies (slack_thread_reply) and reactions (slack_add_reactions).',
      'If the result says that the message may have been posted all the same, read the channel before posting again.',
    ],
  },
  async run({ channel, text, idempotency_key }, context) {
    const id = await context.channels.resolve(channel, context);
    return {
      ...(await postText({ channel: id, text }, context, idempotency_key)),
      ...broadcastNotice([text], context),
    };
  },
});
