import { SlackError, SlackNetworkError } from '@slack-mcp/slack';
import { explanationOf } from '../../explained-error.ts';
import { IdempotencyError } from '../../gates/idempotency/idempotency-error.ts';
import { ONE_MESSAGE, splitText } from '../../messages/split-text.ts';
import type { ToolContext } from '../../tool-context.ts';
import { ToolError } from '../../tool-error.ts';
import { type PostedText, postText, type TextToPost } from './post-text.ts';

/** How a long text is posted. */
export interface LongTextOptions {
  readonly key: string | undefined;
  readonly ifLong: 'split' | 'refuse';
}

/** Where a text went that may have become several messages. */
export interface PostedParts {
  /** The first message. */
  readonly first: PostedText;
  /** The `ts` of every message, where there are several. */
  readonly all?: string[];
}

/**
 * Posts a text, as several messages where it is too long for one.
 *
 * @throws ToolError - it is too long and was to be refused, or only some of its messages were posted
 */
export async function postLongText(
  message: TextToPost,
  context: ToolContext,
  { key, ifLong }: LongTextOptions,
): Promise<PostedParts> {
  const { channel, text } = message;
  if (ifLong === 'refuse') refuseLongText(text, channel);
  const parts = splitText(text);
  const all: string[] = [];
  let first: PostedText | undefined;
  for (const [index, part] of parts.entries()) {
    const partKey = key === undefined || index === 0 ? key : `${key}/${index}`;
    try {
      const posted = await postText({ ...message, text: part }, context, partKey);
      first ??= posted;
      all.push(posted.ts);
    } catch (error) {
      if (first === undefined || !(error instanceof SlackError || error instanceof IdempotencyError)) throw error;
      const isUncertain =
        error instanceof SlackNetworkError ? error.outcomeUnknown : error.code === 'idempotency_uncertain';
      throw new ToolError(
        `posted ${all.length} of the ${parts.length} messages that the text became. ${explanationOf(error)}`,
        { channel, ts: first.ts, all_ts: all, ...(isUncertain && { uncertain: true }) },
        { nextStep: `Post only what is missing; it begins with: ${JSON.stringify(part.slice(0, 80))}.`, cause: error },
      );
    }
  }
  if (first === undefined) return { first: await postText(message, context, key) };
  return { first, ...(all.length > 1 && { all }) };
}

/** @throws ToolError - the text is too long for one message */
export function refuseLongText(text: string, channel: string): void {
  if (text.length <= ONE_MESSAGE) return;
  const message = `a text has ${text.length} characters, one message has at most ${ONE_MESSAGE}`;
  const nextStep = 'Nothing was posted: shorten it, or call again with if_long: "split".';
  throw new ToolError(message, { channel }, { nextStep });
}
