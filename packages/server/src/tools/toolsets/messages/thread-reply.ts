import { SlackApiError, SlackError, SlackNetworkError } from '@slack-mcp/slack';
import { z } from 'zod';
import {
  channelArgument,
  idempotencyKeyArgument,
  ifLongArgument,
  textArgument,
  threadArgument,
} from '../../arguments/tool-arguments.ts';
import { blocksArgument } from '../../blocks/blocks-argument.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { explanationOf } from '../../explained-error.ts';
import type { ChannelId } from '../../gates/channel-id.ts';
import { IdempotencyError } from '../../gates/idempotency/idempotency-error.ts';
import type { ToolContext } from '../../tool-context.ts';
import { ToolError } from '../../tool-error.ts';
import { CHANNEL_USAGE } from '../../tool-usage.ts';
import { mentionPeople } from './mention-people.ts';
import { isShortBesideBlocks, passedBlocks, TOO_LONG_BESIDE_BLOCKS } from './pass-blocks.ts';
import { postLongText, refuseLongText } from './post-long-text.ts';
import { postNotice } from './post-text.ts';
import { previewArgument, previewOutput, previewPosts } from './preview-posts.ts';

const POST_THE_REST = 'Then post only the missing replies.';
const REPEAT = 'With the same idempotency_key, replies that were posted are not posted again.';

/** The tool `slack_thread_reply`, which posts one or more replies to a thread, in order. */
export const threadReplyTool: Tool = defineTool({
  name: 'slack_thread_reply',
  title: 'Reply in a thread',
  description:
    'Reply in a thread of a Slack channel: post one or more replies in the given order. If a reply fails, the replies after it are not posted, and the result lists the replies that were posted.',
  input: () =>
    z
      .strictObject({
        channel: channelArgument(),
        thread_ts: threadArgument().describe("The first message's ts"),
        texts: z.array(textArgument()).min(1).max(20),
        blocks: blocksArgument(),
        if_long: ifLongArgument(),
        preview: previewArgument(),
        take_back: z.boolean().default(false).describe('Delete a reply that Slack posted to the channel'),
        idempotency_key: idempotencyKeyArgument(),
      })
      .refine(({ texts, blocks }) => blocks === undefined || texts.length === 1, {
        path: ['blocks'],
        message: 'needs exactly one text; call once for each reply with blocks',
      })
      .refine(({ texts, blocks }) => texts.every((text) => isShortBesideBlocks({ text, blocks })), {
        ...TOO_LONG_BESIDE_BLOCKS,
        path: ['texts'],
      }),
  output: () =>
    z.object({
      channel: z.string(),
      thread_ts: z.string(),
      posted: z.array(z.object({ index: z.int(), ts: z.string(), all_ts: z.array(z.string()).optional() })),
      not_posted: z.array(z.int()).describe('Indexes in texts'),
      ...previewOutput(),
      notice: z.string().optional(),
      in_channel: z.string().optional().describe('ts of a reply that was posted to the channel'),
      uncertain: z.int().optional().describe('Index of a text that may have been posted'),
    }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  scopes: ['chat:write'],
  moreScopes: ['im:write'],
  usage: {
    title: 'How to reply in a thread',
    arguments: [CHANNEL_USAGE, { name: 'thread_ts', description: "The ts of the thread's first message" }],
    when: 'an answer belongs in the thread of a message, not in the channel',
    guidance: [
      'thread_ts: the ts of the first message of the thread; for a message without replies, its own ts.',
      'texts: one reply each, posted in this order. Prefer one reply; use several only if each makes sense alone. preview: true returns what would be posted.',
      'blocks: Block Kit for a reply, with one text for notifications.',
      'If the thread is gone, Slack posts the reply to the channel: the result says so, and take_back: true deletes it.',
      'If some replies fail, the result lists which were posted and which were not: post only the missing ones.',
    ],
  },
  async run({ channel, thread_ts, texts: given, blocks: layout, if_long, ...options }, context) {
    const { take_back, preview, idempotency_key } = options;
    const id = await context.channels.resolve(channel, { signal: context.signal, opens: true });
    const blocks = await passedBlocks(layout, context);
    const texts = await Promise.all(given.map((text) => mentionPeople(text, context)));
    if (preview) {
      const shown = previewPosts(texts, { channel: id, ifLong: if_long, blocks }, context);
      return { channel: id, thread_ts, posted: [], not_posted: [], ...shown, ...postNotice(texts, context, blocks) };
    }
    if (if_long === 'refuse') for (const text of texts) refuseLongText(text, id);
    const posted: { index: number; ts: string; all_ts?: string[] }[] = [];
    for (const [index, text] of texts.entries()) {
      context.progress(index, texts.length);
      const options = { key: keyOf(idempotency_key, index), ifLong: if_long };
      const { first, all } = await postLongText({ channel: id, thread_ts, text, blocks }, context, options).catch(
        (error: unknown) => {
          throw failed(error, index);
        },
      );
      if (first.thread_ts === '') throw await outsideThread(first.ts);
      posted.push({ index, ts: first.ts, ...(all && { all_ts: all }) });
    }
    return { channel: id, thread_ts, posted, not_posted: [], ...postNotice(texts, context, blocks) };

    function failed(error: unknown, index: number): unknown {
      const isPartial = error instanceof ToolError;
      if (!(isPartial || error instanceof SlackError || error instanceof IdempotencyError)) return error;
      const uncertain = isPartial
        ? error.output['uncertain'] === true
        : error instanceof SlackNetworkError
          ? error.outcomeUnknown
          : error.code === 'idempotency_uncertain';
      const rest = texts.slice(index + 1).map((_, offset) => index + 1 + offset);
      const output = {
        channel: id,
        thread_ts,
        posted,
        not_posted: uncertain ? rest : [index, ...rest],
        ...(isPartial && { all_ts: error.output['all_ts'] ?? [] }),
        ...(uncertain ? { uncertain: index } : {}),
      };
      const message = `posted ${posted.length} of ${texts.length} replies; reply ${index} failed. ${explanationOf(error)}`;
      return new ToolError(message, output, {
        nextStep: isPartial ? error.nextStep : idempotency_key === undefined ? POST_THE_REST : REPEAT,
        cause: error,
      });
    }

    /**
     * Returns the error for a reply that Slack posted to the channel because the thread is gone. Deletes the reply
     * first if `take_back` is set.
     */
    async function outsideThread(ts: string): Promise<ToolError> {
      const index = posted.length;
      const rest = texts.slice(index).map((_, offset) => index + offset);
      const stays = { channel: id, thread_ts, posted, not_posted: rest.slice(1), in_channel: ts };
      const happened = `the thread is gone: Slack posted reply ${index} to the channel`;
      if (!take_back) {
        const nextStep = 'Tell the user. With take_back: true, such a reply is deleted.';
        return new ToolError(`${happened}, and the replies after it were not posted`, stays, { nextStep });
      }
      try {
        await takeBack({ channel: id, ts }, context);
      } catch (error) {
        if (!(error instanceof SlackError)) throw error;
        const nextStep = 'Tell the user that the reply is in the channel.';
        const message = `${happened}, and the server did not delete that reply. ${explanationOf(error)}`;
        return new ToolError(message, stays, { nextStep, cause: error });
      }
      return new ToolError(
        `${happened}, and the server deleted that reply`,
        { channel: id, thread_ts, posted, not_posted: rest },
        { nextStep: 'Check thread_ts with slack_read_channel_messages, or post to the channel.' },
      );
    }
  },
});

/** Deletes a message. It is not an error if an earlier call with the same idempotency key has already deleted it. */
async function takeBack(
  message: { channel: ChannelId; ts: string },
  { slack, signal }: Pick<ToolContext, 'slack' | 'signal'>,
): Promise<void> {
  try {
    await slack.call('chat.delete', message, { signal });
  } catch (error) {
    if (!(error instanceof SlackApiError) || error.slackError !== 'message_not_found') throw error;
  }
}

/** Returns the idempotency key of one reply. Each reply has its own key, because it is a separate message. */
function keyOf(key: string | undefined, index: number): string | undefined {
  return key === undefined ? undefined : `${key}#${index}`;
}
