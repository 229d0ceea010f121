import { z } from 'zod';
import { channelArgument } from '../../arguments/tool-arguments.ts';
import { confirm } from '../../confirm.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import type { ChannelId } from '../../gates/channel-id.ts';
import { removeInvisible } from '../../messages/readable-text.ts';
import type { ToolContext } from '../../tool-context.ts';
import { scheduledMessagesOf } from './scheduled-message.ts';

/** Maximum number of characters of a text to show in a question. */
const MOST_SHOWN = 300;

/** The tool `slack_cancel_scheduled_message`, which cancels a scheduled message. */
export const cancelScheduledMessageTool: Tool = defineTool({
  name: 'slack_cancel_scheduled_message',
  title: 'Cancel a scheduled message',
  description:
    'Cancel a message that the bot has scheduled. Slack does not cancel a message that is due within 60 seconds.',
  input: () =>
    z.strictObject({
      channel: channelArgument(),
      scheduled_message_id: z.string().min(1).max(100).describe('From slack_list_scheduled_messages'),
    }),
  output: () => z.object({ channel: z.string(), scheduled_message_id: z.string() }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  scopes: ['chat:write'],
  async run({ channel, scheduled_message_id }, context) {
    const { slack, channels, ask, signal } = context;
    const id = await channels.resolve(channel, { signal });
    await confirm(ask, () => question(id, scheduled_message_id, context));
    await slack.call('chat.deleteScheduledMessage', { channel: id, scheduled_message_id }, { signal });
    return { channel: id, scheduled_message_id };
  },
});

/** Returns the question that asks a person to confirm, with the text and the time of the message. */
async function question(channel: ChannelId, messageId: string, context: ToolContext): Promise<string> {
  const { slack, channels, signal } = context;
  const answer = await slack.call('chat.scheduledMessages.list', { channel, limit: 100 }, { signal });
  const { items } = await channels.readable(answer, scheduledMessagesOf, (message) => message.channel, { signal });
  const found = items.find(({ item }) => item.scheduled_message_id === messageId)?.item;
  if (found === undefined) return `Cancel the scheduled message ${JSON.stringify(messageId)} in ${channel}?`;
  const text = removeInvisible(found.text).slice(0, MOST_SHOWN).toWellFormed();
  return `Cancel this message to ${channel}, scheduled for ${found.time}? ${JSON.stringify(text)}`;
}
