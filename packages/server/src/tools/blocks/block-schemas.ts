import { z } from 'zod';
import { address, anyText, imageOf, markupText, plainText } from './composition-schemas.ts';
import { createElementSchemas } from './element-schemas.ts';
import { createRichText } from './rich-text-schema.ts';
import { type SchemasByType, schemaByType } from './typed-schema.ts';

// Source of the limits: docs.slack.dev/reference/block-kit/blocks, one page for each block.

/** Maximum number of characters in all `markdown` blocks of a message together. */
export const MOST_MARKDOWN = 12_000;

/** Creates the schema of one block of a message. */
export function createMessageBlock(): z.ZodType {
  const richTextBlock = createRichText();
  const { button, imageElement, ...elements } = createElementSchemas();
  const { accessories, actionElements, contextActionElements, contextElements, inputElements } = elements;
  const cell = schemaByType('cell', {
    raw_text: z.looseObject({ text: z.string().min(1) }),
    raw_number: z.looseObject({ value: z.number(), text: z.string().min(1).optional() }),
    rich_text: richTextBlock,
  });
  const list = (noun: string, schemas: SchemasByType, most: number): z.ZodType =>
    z.array(schemaByType(noun, schemas)).min(1).max(most);

  const card = z
    .looseObject({
      type: z.literal('card'),
      hero_image: imageElement.optional(),
      icon: imageElement.optional(),
      title: markupText(150).optional(),
      subtitle: markupText(150).optional(),
      body: markupText(200).optional(),
      actions: z.array(button).max(3).optional(),
    })
    .refine(({ hero_image, title, actions, body }) => [hero_image, title, actions, body].some(isGiven), {
      message: 'needs hero_image, title, actions or body',
    });

  const taskCard = z.looseObject({
    task_id: z.string().min(1),
    title: z.string().min(1),
    details: richTextBlock.optional(),
    output: richTextBlock.optional(),
    status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  });

  // Blocks that a `container` block can contain.
  const plainBlocks: SchemasByType = {
    section: z
      .looseObject({
        text: anyText(3_000).optional(),
        fields: z.array(anyText(2_000)).min(1).max(10).optional(),
        accessory: schemaByType('accessory', accessories).optional(),
      })
      .refine(({ text, fields }) => isGiven(text) || isGiven(fields), 'needs text or fields'),
    header: z.looseObject({ text: plainText(150) }),
    divider: z.looseObject({}),
    image: imageOf({ title: plainText(2_000).optional() }),
    context: z.looseObject({ elements: list('context element', contextElements, 10) }),
    actions: z.looseObject({ elements: list('action', actionElements, 25) }),
    input: z.looseObject({
      label: plainText(2_000),
      hint: plainText(2_000).optional(),
      element: schemaByType('input', inputElements),
    }),
    rich_text: richTextBlock,
    table: z.looseObject({
      rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
      column_settings: z.array(z.looseObject({}).nullable()).max(20).optional(),
    }),
    video: z.looseObject({
      title: plainText(199),
      alt_text: z.string().min(1),
      video_url: address(),
      thumbnail_url: address(),
      author_name: z.string().max(49).optional(),
      description: plainText(3_000).optional(),
    }),
  };

  // Every block that an app can post in a message.
  const messageBlocks: SchemasByType = {
    ...plainBlocks,
    markdown: z.looseObject({ text: z.string().min(1).max(MOST_MARKDOWN) }),
    alert: z.looseObject({
      text: anyText(200),
      level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
    }),
    card,
    carousel: z.looseObject({ elements: list('element of a carousel', { card }, 10) }),
    container: z
      .looseObject({
        title: plainText(150).optional(),
        rich_text_title: richTextBlock.optional(),
        subtitle: anyText(150).optional(),
        child_blocks: list('child block', plainBlocks, 10),
        icon: imageElement.optional(),
      })
      .refine(({ title, rich_text_title }) => isGiven(title) || isGiven(rich_text_title), {
        message: 'needs title or rich_text_title',
      }),
    context_actions: z.looseObject({ elements: list('element', contextActionElements, 5) }),
    data_table: z.looseObject({
      rows: z.array(z.array(cell).min(1)).min(2).max(101),
      caption: z.string().min(1),
      page_size: z.int().min(1).max(100).optional(),
      row_header_column_index: z.int().min(0).optional(),
    }),
    plan: z.looseObject({ title: z.string().min(1), tasks: z.array(z.looseObject({})).optional() }),
    task_card: taskCard,
  };

  return z.looseObject({ block_id: z.string().max(255).optional() }).and(schemaByType('block', messageBlocks));
}

function isGiven(value: unknown): boolean {
  return value !== undefined;
}
