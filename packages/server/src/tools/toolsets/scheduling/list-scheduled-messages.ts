import { z } from 'zod';
import { channelArgument, cursorArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { fittingItems } from '../../messages/answer-budget.ts';
import { nextCursorOf } from '../../messages/json-fields.ts';
import { scheduledMessagesOf } from './scheduled-message.ts';

/** The tool `slack_list_scheduled_messages`, which lists the messages that are scheduled. */
export const listScheduledMessagesTool: Tool = defineTool({
  name: 'slack_list_scheduled_messages',
  title: 'List scheduled messages',
  description: 'List the messages that the bot has scheduled, in one channel or in all channels.',
  input: () =>
    z.strictObject({
      channel: channelArgument().optional(),
      limit: z.int().min(1).max(100).default(50),
      cursor: cursorArgument(),
    }),
  output: () =>
    z.object({
      scheduled: z.array(
        z.object({
          scheduled_message_id: z.string(),
          channel: z.string(),
          post_at: z.int(),
          time: z.string(),
          text: z.string(),
        }),
      ),
      next_cursor: z.string().optional(),
      truncated: z.string().optional(),
      note: z.string().optional(),
    }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: [],
  async run({ channel, limit, cursor }, { slack, channels, signal }) {
    const id = channel === undefined ? undefined : await channels.resolve(channel, { signal });
    const answer = await slack.call('chat.scheduledMessages.list', { channel: id, limit, cursor }, { signal });
    let nextCursor = '';
    const { items, withheld } = await channels.readable(
      answer,
      (opened) => {
        nextCursor = nextCursorOf(opened);
        return scheduledMessagesOf(opened);
      },
      (message) => message.channel,
      { signal },
    );
    const scheduled = items.map(({ item }) => item);
    const fitting = fittingItems(scheduled);
    const notes = [
      ...(fitting < scheduled.length
        ? [`Only ${fitting} of ${scheduled.length} messages fit into one answer. Call again with limit: ${fitting}.`]
        : []),
      ...(withheld > 0 ? [`${withheld} messages are in channels that may not be read.`] : []),
    ];
    return {
      scheduled: scheduled.slice(0, fitting),
      ...(nextCursor !== '' && { next_cursor: nextCursor }),
      ...(notes.length > 0 && { truncated: notes.join(' ') }),
      ...(scheduled.length === 0 && withheld === 0 && nextCursor === '' && { note: nothingScheduled(id) }),
    };
  },
});

/** Returns the note of an answer without messages, which says what was listed and what to try next. */
function nothingScheduled(channel: string | undefined): string {
  const others = 'Slack does not list the messages that people scheduled themselves.';
  return channel === undefined
    ? `The bot has scheduled no messages in any channel. ${others}`
    : `The bot has scheduled no messages in ${channel}. Call without channel to list those in all channels. ${others}`;
}
