import { z } from 'zod';
import { channelArgument, timestampArgument } from '../../arguments/tool-arguments.ts';
import { confirm } from '../../confirm.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { stringOf } from '../../messages/json-fields.ts';
import { CHANNEL_USAGE } from '../../tool-usage.ts';

/** The tool `slack_delete_message`, which deletes a message. */
export const deleteMessageTool: Tool = defineTool({
  name: 'slack_delete_message',
  title: 'Delete a message',
  description: 'Delete a Slack message that the bot posted. A deletion cannot be undone. Replies in its thread remain.',
  input: () =>
    z.strictObject({
      channel: channelArgument(),
      timestamp: timestampArgument().describe("The message's ts"),
    }),
  output: () => z.object({ channel: z.string(), ts: z.string() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  scopes: ['chat:write'],
  usage: {
    title: 'How to delete a message',
    arguments: [CHANNEL_USAGE, { name: 'timestamp', description: "The message's ts" }],
    when: 'a message that the bot posted should not exist: posted twice, to the wrong channel, or with content that must be removed',
    guidance: [
      'timestamp: the ts that slack_post_message or slack_thread_reply returned, or a link to the message.',
      'Read the message first if you did not post it yourself. To correct a message, use slack_edit_message.',
      'Before the message is deleted, the server shows the user its link and asks, if the client supports questions.',
    ],
  },
  async run({ channel, timestamp: ts }, { slack, channels, ask, signal }) {
    const id = await channels.resolve(channel, { signal });
    await confirm(ask, async () => {
      const answer = await slack.call('chat.getPermalink', { channel: id, message_ts: ts }, { signal });
      return `Delete this message from Slack? ${stringOf(answer['permalink'])} It cannot be restored.`;
    });
    await slack.call('chat.delete', { channel: id, ts }, { signal });
    return { channel: id, ts };
  },
});
