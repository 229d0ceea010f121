import { z } from 'zod';
import { lazily } from '../lazily.ts';
import { createMessageBlock, MOST_MARKDOWN } from './block-schemas.ts';

/** Maximum number of blocks in a message. Source: docs.slack.dev/reference/block-kit/blocks. */
const MOST_BLOCKS = 50;

/** One block. The schemas are created for the first call with blocks, because a server starts faster without them. */
const messageBlock = lazily(createMessageBlock);

/** The type of {@link blocksArgument}. */
export type BlocksArgument = z.ZodOptional<z.ZodArray<z.ZodRecord<z.ZodString, z.ZodUnknown>>>;

/** The Block Kit blocks of a message, checked against Slack's published limits. */
export function blocksArgument(): BlocksArgument {
  return z
    .array(z.record(z.string(), z.unknown()))
    .min(1)
    .max(MOST_BLOCKS)
    .check((checked) => {
      const blocks = checked.value;
      const refuse = (path: PropertyKey[], message: string): void => {
        checked.issues.push({ code: 'custom', path, message, input: blocks });
      };
      for (const [index, block] of blocks.entries()) {
        const { issues = [] } = messageBlock().safeParse(block).error ?? {};
        for (const { path, message } of issues) refuse([index, ...path], message);
      }
      const seen = new Map<unknown, number>();
      for (const [index, { block_id: id }] of blocks.entries()) {
        if (typeof id !== 'string' || id === '') continue;
        const first = seen.get(id);
        if (first === undefined) seen.set(id, index);
        else refuse([index, 'block_id'], `block ${first} has the same block_id; use each id once`);
      }
      const markdown = blocks.filter(({ type }) => type === 'markdown').map(({ text }) => String(text).length);
      const total = markdown.reduce((sum, length) => sum + length, 0);
      if (markdown.length > 1 && total > MOST_MARKDOWN) {
        refuse([], `the markdown blocks have ${total} characters; together they may have ${MOST_MARKDOWN}`);
      }
    })
    .optional()
    .describe('Block Kit, shown instead of the text. The text is for notifications');
}
