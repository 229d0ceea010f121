import type { JsonObject } from '@slack-mcp/core';
import { z } from 'zod';
import type { ChannelId } from '../../gates/channel-id.ts';
import { fittingItems, fittingText } from '../../messages/answer-budget.ts';
import { blocksText } from '../../messages/block-text.ts';
import { stringOf } from '../../messages/json-fields.ts';
import { isMarkdown } from '../../messages/markdown.ts';
import { splitText } from '../../messages/split-text.ts';
import type { ToolContext } from '../../tool-context.ts';
import { refuseLongText } from './post-long-text.ts';
import { type SentContent, sentContent } from './post-text.ts';

/** Whether to return the messages that would be posted, and to post nothing. */
export function previewArgument(): z.ZodDefault<z.ZodBoolean> {
  return z.boolean().default(false).describe('Return what would be posted, and post nothing');
}

/** The output of a preview. */
export function previewOutput(): {
  would_post: z.ZodOptional<z.ZodArray<z.ZodString>>;
  truncated: z.ZodOptional<z.ZodString>;
} {
  return {
    would_post: z.array(z.string()).optional().describe('The preview; nothing was posted'),
    truncated: z.string().optional(),
  };
}

/** See `previewOutput`. */
export interface Preview {
  would_post: string[];
  truncated?: string;
}

/** Options of `previewPosts`. */
export interface PreviewOptions {
  readonly channel: ChannelId;
  readonly ifLong: 'split' | 'refuse';
  /** Blocks that Slack shows instead of the text. */
  readonly blocks?: readonly JsonObject[] | undefined;
}

/**
 * Returns the messages that would be posted for texts or, with blocks, the text that people would see in the blocks.
 * Makes no calls to Slack and uses no idempotency key.
 *
 * @throws ToolError - a text is too long and `ifLong` is `refuse`
 */
export function previewPosts(
  texts: readonly string[],
  { channel, ifLong, blocks }: PreviewOptions,
  context: ToolContext,
): Preview {
  if (ifLong === 'refuse') for (const text of texts) refuseLongText(text, channel);
  const messages = texts.flatMap((text) => {
    if (blocks !== undefined)
      return fittingText(blocksText([...(sentContent(text, context, { blocks }).blocks ?? [])]));
    const markdown = isMarkdown(text);
    return splitText(text).map((part) => shownContent(sentContent(part, context, { markdown })));
  });
  const fitting = fittingItems(messages);
  if (fitting === messages.length) return { would_post: messages };
  const truncated = `Only the first ${fitting} of ${messages.length} messages fit into one answer.`;
  return { would_post: messages.slice(0, fitting), truncated };
}

/** Returns the text that people see, which is the text of the `markdown` block if there is one. */
function shownContent({ text, blocks = [] }: SentContent): string {
  const [block] = blocks;
  return stringOf(block?.['text']) || text;
}
