import { z } from 'zod';
import { schemaByType } from './typed-schema.ts';

// Source: docs.slack.dev/reference/block-kit/blocks/rich-text-block.

/** Creates the schema of a `rich_text` block. */
export function createRichText(): z.ZodType {
  const id = z.string().min(1);

  const inline = schemaByType('rich text element', {
    text: z.looseObject({ text: z.string().min(1) }),
    link: z.looseObject({ url: id }),
    user: z.looseObject({ user_id: id }),
    usergroup: z.looseObject({ usergroup_id: id }),
    channel: z.looseObject({ channel_id: id }),
    team: z.looseObject({ team_id: id }),
    broadcast: z.looseObject({ range: z.enum(['here', 'channel', 'everyone']) }),
    emoji: z.looseObject({ name: id }),
    date: z.looseObject({ timestamp: z.int(), format: id }),
    color: z.looseObject({ value: id }),
  });

  const inlines = z.looseObject({ elements: z.array(inline) });

  const section = schemaByType('list item', { rich_text_section: inlines });

  return z.looseObject({
    type: z.literal('rich_text'),
    elements: z.array(
      schemaByType('rich text part', {
        rich_text_section: inlines,
        rich_text_quote: inlines,
        rich_text_preformatted: inlines,
        rich_text_list: z.looseObject({ style: z.enum(['bullet', 'ordered']), elements: z.array(section) }),
      }),
    ),
  });
}
