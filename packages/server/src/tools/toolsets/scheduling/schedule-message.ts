import type { JsonObject } from '@slack-mcp/core';
import { SlackNetworkError } from '@slack-mcp/slack';
import { z } from 'zod';
import {
  channelArgument,
  futureTimeArgument,
  idempotencyKeyArgument,
  threadArgument,
  visibleText,
} from '../../arguments/tool-arguments.ts';
import { blocksArgument } from '../../blocks/blocks-argument.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { stringOf } from '../../messages/json-fields.ts';
import { ONE_MESSAGE } from '../../messages/split-text.ts';
import { timeOf } from '../../messages/time-text.ts';
import { CHANNEL_USAGE } from '../../tool-usage.ts';
import { checkThread } from '../messages/check-thread.ts';
import { mentionPeople } from '../messages/mention-people.ts';
import { passedBlocks } from '../messages/pass-blocks.ts';
import { postNotice, sentContent } from '../messages/post-text.ts';
import { previewArgument, previewOutput, previewPosts } from '../messages/preview-posts.ts';

/** The tool `slack_schedule_message`, which posts a message at a later time. */
export const scheduleMessageTool: Tool = defineTool({
  name: 'slack_schedule_message',
  title: 'Schedule a message',
  description: 'Schedule a message to a Slack channel or thread, up to 120 days ahead.',
  input: () =>
    z.strictObject({
      channel: channelArgument(),
      text: visibleText(ONE_MESSAGE).describe('Markdown'),
      blocks: blocksArgument(),
      post_at: futureTimeArgument().describe('ISO 8601 with a time zone, or seconds since 1970'),
      thread_ts: threadArgument().optional().describe("The first message's ts, to reply in its thread"),
      preview: previewArgument(),
      idempotency_key: idempotencyKeyArgument(),
    }),
  output: () =>
    z.object({
      channel: z.string(),
      scheduled_message_id: z.string().optional(),
      post_at: z.int(),
      time: z.string().describe('post_at in UTC'),
      ...previewOutput(),
      notice: z.string().optional(),
    }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  scopes: ['chat:write'],
  moreScopes: ['im:write'],
  usage: {
    title: 'How to schedule a message',
    arguments: [CHANNEL_USAGE],
    when: 'a message should reach people later: a reminder, an announcement, a message outside working hours',
    guidance: [
      'post_at: write the time zone of the user, like 2026-03-01T09:00:00+01:00. Ask for the zone if you do not know it.',
      'Check time in the result: it is the time of the message in UTC. preview: true shows it and schedules nothing.',
      'Slack refuses times in the past, times more than 120 days ahead, and more than 30 messages in 5 minutes of a channel.',
      'Keep scheduled_message_id: slack_cancel_scheduled_message needs it. Slack does not cancel a message that is due within 60 seconds.',
      'If the result says that the outcome is unknown, look with slack_list_scheduled_messages before you schedule again.',
    ],
  },
  async run({ channel, text: given, blocks: layout, post_at, thread_ts, ...options }, context) {
    const { preview, idempotency_key: key } = options;
    const { slack, channels, posting, signal } = context;
    const id = await channels.resolve(channel, { signal, opens: true });
    const at = Math.floor(Number(post_at));
    const when = { post_at: at, time: timeOf(at) };
    const blocks = await passedBlocks(layout, context);
    const text = await mentionPeople(given, context);
    const notice = postNotice([text], context, blocks);
    if (preview) {
      const shown = previewPosts([text], { channel: id, ifLong: 'refuse', blocks }, context);
      return { channel: id, ...when, ...shown, ...notice };
    }
    const message = { channel: id, ...sentContent(text, context, { blocks }), post_at: at, thread_ts };
    const run = async (): Promise<JsonObject> => {
      if (thread_ts !== undefined) await checkThread(id, thread_ts, context);
      const args = { ...message, unfurl_links: false, unfurl_media: false };
      const answer = await slack.call('chat.scheduleMessage', args, { signal });
      const scheduled_message_id = stringOf(answer['scheduled_message_id']);
      if (scheduled_message_id === '') throw new SlackNetworkError('chat.scheduleMessage', 'invalid_answer');
      return { channel: stringOf(answer['channel']) || id, scheduled_message_id };
    };
    const content = {
      scheduled: true,
      channel: id,
      text,
      post_at: at,
      thread_ts: thread_ts ?? null,
      ...(blocks && { blocks }),
    };
    const done =
      key === undefined
        ? await run()
        : await posting.idempotency.once({ key, caller: posting.caller, content, signal, run });
    const scheduled_message_id = stringOf(done['scheduled_message_id']);
    return { channel: stringOf(done['channel']), scheduled_message_id, ...when, ...notice };
  },
});
