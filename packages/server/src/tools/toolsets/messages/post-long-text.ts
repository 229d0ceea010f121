import { SlackError, SlackNetworkError } from '@slack-mcp/slack';
import { explanationOf } from '../../explained-error.ts';
import { IdempotencyError } from '../../gates/idempotency/idempotency-error.ts';
import { isMarkdown } from '../../messages/markdown.ts';
import { ONE_MESSAGE, splitText } from '../../messages/split-text.ts';
import type { ToolContext } from '../../tool-context.ts';
import { ToolError } from '../../tool-error.ts';
import { type PostedText, postText, type TextToPost } from './post-text.ts';

/** Options of `postLongText`. */
export interface LongTextOptions {
  readonly key: string | undefined;
  readonly ifLong: 'split' | 'refuse';
}

/** The messages that were posted for one text. */
export interface PostedParts {
  /** The first message. */
  readonly first: PostedText;
  /** The `ts` of every message, if the text was posted as several messages. */
  readonly all?: string[];
}

/**
 * Posts a text. Splits the text into several messages if it is too long for one message, and stops if Slack posts a
 * message outside the thread.
 *
 * @throws ToolError - the text is too long and `ifLong` is `refuse`, or only some of its messages were posted
 */
export async function postLongText(
  message: TextToPost,
  context: ToolContext,
  { key, ifLong }: LongTextOptions,
): Promise<PostedParts> {
  const { channel, text } = message;
  if (ifLong === 'refuse') refuseLongText(text, channel);
  const parts = splitText(text);
  const markdown = isMarkdown(text) && { markdown: true };
  const all: string[] = [];
  let first: PostedText | undefined;
  for (const [index, part] of parts.entries()) {
    const partKey = key === undefined || index === 0 ? key : `${key}/${index}`;
    try {
      const posted = await postText({ ...message, ...markdown, text: part }, context, partKey);
      first ??= posted;
      all.push(posted.ts);
      // The thread is gone: the other parts would go to the channel too.
      if (message.thread_ts !== undefined && posted.thread_ts === '') break;
    } catch (error) {
      if (first === undefined || !(error instanceof SlackError || error instanceof IdempotencyError)) throw error;
      const isUncertain =
        error instanceof SlackNetworkError ? error.outcomeUnknown : error.code === 'idempotency_uncertain';
      throw new ToolError(
        `the text was split into ${parts.length} messages, and only ${all.length} of them reached the channel. ${explanationOf(error)}`,
        { channel, ts: first.ts, all_ts: all, ...(isUncertain && { uncertain: true }) },
        {
          nextStep: `Post only the missing part, which starts with: ${JSON.stringify(part.slice(0, 80))}.`,
          cause: error,
        },
      );
    }
  }
  if (first === undefined) return { first: await postText({ ...message, ...markdown }, context, key) };
  return { first, ...(all.length > 1 && { all }) };
}

/** @throws ToolError - the text is too long for one message */
export function refuseLongText(text: string, channel: string): void {
  if (text.length <= ONE_MESSAGE) return;
  const message = `a text has ${text.length} characters; a message can have at most ${ONE_MESSAGE}`;
  const nextStep = 'Nothing was posted. Shorten the text, or call again with if_long: "split".';
  throw new ToolError(message, { channel }, { nextStep });
}
