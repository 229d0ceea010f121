import { z } from 'zod';
import {
  channelArgument,
  idempotencyKeyArgument,
  ifLongArgument,
  textArgument,
} from '../../arguments/tool-arguments.ts';
import { blocksArgument } from '../../blocks/blocks-argument.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { CHANNEL_USAGE } from '../../tool-usage.ts';
import { mentionPeople } from './mention-people.ts';
import { isShortBesideBlocks, passedBlocks, TOO_LONG_BESIDE_BLOCKS } from './pass-blocks.ts';
import { postLongText } from './post-long-text.ts';
import { postNotice } from './post-text.ts';
import { previewArgument, previewOutput, previewPosts } from './preview-posts.ts';

/** The tool `slack_post_message`, which posts a message to a channel. */
export const postMessageTool: Tool = defineTool({
  name: 'slack_post_message',
  title: 'Post a message',
  description:
    'Post a message to a Slack channel. To reply in a thread, use slack_thread_reply. Text is Markdown: **bold**, [link](https://example.com), lists, tables, code. @name or <@U0123456789> mentions a person.',
  input: () =>
    z
      .strictObject({
        channel: channelArgument(),
        text: textArgument(),
        blocks: blocksArgument(),
        if_long: ifLongArgument(),
        preview: previewArgument(),
        idempotency_key: idempotencyKeyArgument(),
      })
      .refine(isShortBesideBlocks, TOO_LONG_BESIDE_BLOCKS),
  output: () =>
    z.object({
      channel: z.string(),
      ts: z.string().optional(),
      all_ts: z.array(z.string()).optional().describe('All messages, if the text was split'),
      ...previewOutput(),
      notice: z.string().optional(),
    }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  scopes: ['chat:write'],
  moreScopes: ['im:write'],
  usage: {
    title: 'How to post a message',
    arguments: [CHANNEL_USAGE],
    when: 'a person should see something in a Slack channel: an alert, a reminder, a summary, an announcement',
    guidance: [
      'channel: the id (C0123456789) or the exact name. Unknown or ambiguous names are refused with candidates; ask the user instead of guessing.',
      'text: keep it under 4,000 characters; a longer text becomes several messages, or is refused with if_long: "refuse". Markdown: **bold**, _italic_, `code`, [link](https://example.com), lists and tables; @name or <@U0123456789> to mention. Without Markdown, Slack markup such as *bold* works too.',
      'blocks: Block Kit for layouts that Markdown does not have, such as fields, buttons and images. Slack shows the blocks; write text as a summary for notifications.',
      'Show the user the text before posting, unless the user asked to post at once: preview: true returns what would be posted.',
      'The result has the ts of the message; keep it for replies (slack_thread_reply) and reactions (slack_add_reactions).',
      'If the result says that the message may still have been posted, read the channel before posting again.',
    ],
  },
  async run({ channel, text: given, blocks: layout, if_long, preview, idempotency_key }, context) {
    const id = await context.channels.resolve(channel, { signal: context.signal, opens: true });
    const blocks = await passedBlocks(layout, context);
    const text = await mentionPeople(given, context);
    const notice = postNotice([text], context, blocks);
    if (preview) {
      return { channel: id, ...previewPosts([text], { channel: id, ifLong: if_long, blocks }, context), ...notice };
    }
    const options = { key: idempotency_key, ifLong: if_long };
    const { first, all } = await postLongText({ channel: id, text, blocks }, context, options);
    const { channel: postedTo, ts } = first;
    return { channel: postedTo, ts, ...(all && { all_ts: all }), ...notice };
  },
});
