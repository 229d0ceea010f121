import { z } from 'zod';
import { channelArgument, timestampArgument, visibleText } from '../../arguments/tool-arguments.ts';
import { blocksArgument } from '../../blocks/blocks-argument.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { ONE_MESSAGE } from '../../messages/split-text.ts';
import { CHANNEL_USAGE } from '../../tool-usage.ts';
import { mentionPeople } from '../messages/mention-people.ts';
import { passedBlocks } from '../messages/pass-blocks.ts';
import { postNotice, sentContent } from '../messages/post-text.ts';
import { previewArgument, previewOutput, previewPosts } from '../messages/preview-posts.ts';

/** The tool `slack_edit_message`, which replaces the text of a message. */
export const editMessageTool: Tool = defineTool({
  name: 'slack_edit_message',
  title: 'Edit a message',
  description:
    'Replace the text of a Slack message that the bot posted. The message keeps its position, thread and reactions.',
  input: () =>
    z.strictObject({
      channel: channelArgument(),
      timestamp: timestampArgument().describe("The message's ts"),
      text: visibleText(ONE_MESSAGE).describe('The whole new text, in Markdown'),
      blocks: blocksArgument(),
      preview: previewArgument(),
    }),
  output: () =>
    z.object({
      channel: z.string(),
      ts: z.string().optional(),
      ...previewOutput(),
      notice: z.string().optional(),
    }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  scopes: ['chat:write'],
  usage: {
    title: 'How to edit a message',
    arguments: [CHANNEL_USAGE, { name: 'timestamp', description: "The message's ts" }],
    when: 'a message that the bot posted is wrong or out of date',
    guidance: [
      'timestamp: the ts that slack_post_message or slack_thread_reply returned, or a link to the message.',
      'text: the whole new text, at most 4,000 characters. It also replaces the blocks of the message; attachments stay.',
      'blocks: all new blocks. Without them, the message has only the text.',
      'Slack marks the message as edited and notifies no one. To reach people, reply instead.',
      'Calling again with the same text changes nothing.',
    ],
  },
  async run({ channel, timestamp, text: given, blocks: layout, preview }, context) {
    const { slack, channels, signal } = context;
    const id = await channels.resolve(channel, { signal });
    const blocks = await passedBlocks(layout, context);
    const text = await mentionPeople(given, context);
    const notice = postNotice([text], context, blocks);
    if (preview) {
      return { channel: id, ...previewPosts([text], { channel: id, ifLong: 'refuse', blocks }, context), ...notice };
    }
    await slack.call(
      'chat.update',
      { channel: id, ts: timestamp, ...sentContent(text, context, { blocks }) },
      { signal },
    );
    return { channel: id, ts: timestamp, ...notice };
  },
});
