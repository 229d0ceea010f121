import type { JsonObject } from '@slack-mcp/core';
import { z } from 'zod';
import { lazily } from '../../lazily.ts';

/** Types of columns of a new list. Source: docs.slack.dev/reference/methods/slackLists.create. */
const TYPES = ['text', 'number', 'select', 'date', 'user', 'checkbox', 'email', 'phone', 'link'] as const;

/** Colors of choices, in the order in which Slack's documentation uses them. */
const COLORS = ['red', 'yellow', 'green'] as const;

/** A column of a new list, as an argument. */
const newColumn = lazily(() =>
  z
    .strictObject({
      name: z.string().min(1).max(255),
      type: z.enum(TYPES).default('text'),
      choices: z.array(z.string().min(1).max(255)).min(1).max(100).optional(),
    })
    .refine(({ type, choices }) => (type === 'select') === (choices !== undefined), {
      path: ['choices'],
      message: 'needed for select, and only for select',
    }),
);

/** The type of {@link columnsArgument}. */
export type ColumnsArgument = z.ZodOptional<z.ZodArray<z.ZodRecord<z.ZodString, z.ZodUnknown>>>;

/** The columns of a new list. The first column is the name of an item. */
export function columnsArgument(): ColumnsArgument {
  return z
    .array(z.record(z.string(), z.unknown()))
    .min(1)
    .max(50)
    .check(({ value, issues }) => {
      for (const [index, column] of value.entries()) {
        const parsed = newColumn().safeParse(column);
        for (const { path, message } of parsed.error?.issues ?? []) {
          issues.push({ code: 'custom', path: [index, ...path], message, input: value });
        }
        if (index === 0 && parsed.success && parsed.data.type !== 'text') {
          issues.push({
            code: 'custom',
            path: [0, 'type'],
            message: 'the first column must have the type text',
            input: value,
          });
        }
      }
    })
    .optional()
    .describe(`Columns of a new list: {name, type, choices}. Types: ${TYPES.join(', ')}`);
}

/** Returns the schema of a new list for Slack. The columns match {@link columnsArgument}. */
export function schemaOf(columns: readonly unknown[]): JsonObject[] {
  const keys = new Set<string>();
  return columns.map((column, index) => {
    const { name, type, choices } = newColumn().parse(column);
    return {
      key: unusedKey(name, keys),
      name,
      type,
      ...(index === 0 && { is_primary_column: true }),
      ...(choices && { options: { choices: choicesOf(choices) } }),
    };
  });
}

function choicesOf(labels: readonly string[]): JsonObject[] {
  const values = new Set<string>();
  return labels.map((label, index) => {
    const color = COLORS[index % COLORS.length] ?? COLORS[0];
    return { value: unusedKey(label, values), label, color };
  });
}

/** Converts a name to an identifier that `used` does not contain, and adds the identifier to `used`. */
function unusedKey(name: string, used: Set<string>): string {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '') || 'column';
  let key = base;
  for (let count = 2; used.has(key); count += 1) key = `${base}_${count}`;
  used.add(key);
  return key;
}
