import { SlackError, SlackNetworkError } from '@slack-mcp/slack';
import { z } from 'zod';
import {
  channelArgument,
  idempotencyKeyArgument,
  textArgument,
  threadArgument,
} from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { explanationOf } from '../../explained-error.ts';
import { IdempotencyError } from '../../gates/idempotency/idempotency-error.ts';
import { ToolError } from '../../tool-error.ts';
import { CHANNEL_USAGE } from '../../tool-usage.ts';
import { broadcastNotice, postText } from './post-text.ts';

const POST_THE_REST = 'Then post only what is missing.';
const REPEAT = 'Replies that were posted are not posted again with the same idempotency_key.';

/** `slack_thread_reply`: one or more replies in a thread, in their order. */
export const threadReplyTool: Tool = defineTool({
  name: 'slack_thread_reply',
  title: 'Reply in a thread',
  description:
    'Post one or more replies to a thread of a Slack channel, in the given order. If one fails, those after it are not posted, and the result says which.',
  input: z.strictObject({
    channel: channelArgument,
    thread_ts: threadArgument.describe("The first message's ts"),
    texts: z.array(textArgument).min(1).max(20),
    idempotency_key: idempotencyKeyArgument,
  }),
  output: z.object({
    channel: z.string(),
    thread_ts: z.string(),
    posted: z.array(z.object({ index: z.int(), ts: z.string() })),
    not_posted: z.array(z.int()).describe('Indexes into texts'),
    notice: z.string().optional(),
    uncertain: z.int().optional().describe('Index of a text that may have been posted'),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
  scopes: ['chat:write'],
  usage: {
    title: 'How to reply in a thread',
    arguments: [CHANNEL_USAGE, { name: 'thread_ts', description: "The first message's ts" }],
    when: 'an answer belongs below a message, not into the channel',
    guidance: [
      'thread_ts: the ts of the first message of the thread; for a message without replies, its own ts.',
      'texts: one reply each, posted in this order. Prefer one reply; use several only where each stands alone.',
      'If some could not be posted, the result lists what was posted and what was not: post only what is missing.',
    ],
  },
  async run({ channel, thread_ts, texts, idempotency_key }, context) {
    const id = await context.channels.resolve(channel, context);
    const posted: { index: number; ts: string }[] = [];
    for (const [index, text] of texts.entries()) {
      context.progress(index, texts.length);
      try {
        const { ts } = await postText({ channel: id, thread_ts, text }, context, keyOf(idempotency_key, index));
        posted.push({ index, ts });
      } catch (error) {
        if (!(error instanceof SlackError || error instanceof IdempotencyError)) throw error;
        const uncertain =
          error instanceof SlackNetworkError ? error.outcomeUnknown : error.code === 'idempotency_uncertain';
        const rest = texts.slice(index + 1).map((_, offset) => index + 1 + offset);
        throw new ToolError(
          `posted ${posted.length} of ${texts.length} replies; reply ${index} failed. ${explanationOf(error)}`,
          {
            channel: id,
            thread_ts,
            posted,
            not_posted: uncertain ? rest : [index, ...rest],
            ...(uncertain ? { uncertain: index } : {}),
          },
          { nextStep: idempotency_key === undefined ? POST_THE_REST : REPEAT, cause: error },
        );
      }
    }
    return { channel: id, thread_ts, posted, not_posted: [], ...broadcastNotice(texts, context) };
  },
});

/** Each reply is a message of its own. */
function keyOf(key: string | undefined, index: number): string | undefined {
  return key === undefined ? undefined : `${key}#${index}`;
}
