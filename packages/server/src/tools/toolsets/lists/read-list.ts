import type { JsonObject } from '@slack-mcp/core';
import { z } from 'zod';
import { indented } from '../../answers/indented.ts';
import { cursorArgument, fileArgument } from '../../arguments/tool-arguments.ts';
import { defineTool, type Tool } from '../../define-tool.ts';
import { fittingItems } from '../../messages/answer-budget.ts';
import { isObject, nextCursorOf, objectsOf, stringOf } from '../../messages/json-fields.ts';
import { mentionedNames } from '../../messages/mentioned-names.ts';
import { decodeEntities, type ReadableNames } from '../../messages/readable-text.ts';
import { untrustedNotice } from '../../messages/untrusted-notice.ts';
import { type ReadableFile, readableFile } from '../files/readable-file.ts';
import { fieldText } from './field-text.ts';
import type { ListColumn } from './list-column.ts';
import { columnsOf } from './list-columns.ts';

const NOTICE = untrustedNotice('Lists');

function output() {
  return z.object({
    notice: z.string(),
    list: z.string(),
    title: z.string(),
    channel: z.string().optional(),
    columns: z.array(z.looseObject({ id: z.string(), name: z.string(), type: z.string() })),
    items: z.array(z.object({ id: z.string(), fields: z.record(z.string(), z.string()) })),
    next_cursor: z.string().optional(),
    truncated: z.string().optional(),
    note: z.string().optional(),
  });
}

/** The tool `slack_read_list`, which reads the columns and items of a list. */
export const readListTool: Tool = defineTool({
  name: 'slack_read_list',
  title: 'Read a list',
  description: 'Read a Slack list: its columns and items, or one item with its subtasks.',
  input: () =>
    z.strictObject({
      list: fileArgument().describe('List id (F0123456789) or link'),
      item: z.string().min(1).max(50).optional().describe('Id of one item'),
      archived: z.boolean().default(false).describe('Archived items instead'),
      limit: z.int().min(1).max(100).default(50),
      cursor: cursorArgument(),
    }),
  output,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true },
  scopes: ['lists:read'],
  moreScopes: ['files:read'],
  alsoAsPerson: true,
  async run({ list, item, ...page }, context) {
    const found = await readableFile(list, context);
    const columns = columnsOf(found.file);
    const options = { signal: context.signal, ...(found.as && { as: found.as }) };
    const answer =
      item === undefined
        ? await context.slack.call('slackLists.items.list', { list_id: list, ...page }, options)
        : await context.slack.call('slackLists.items.info', { list_id: list, id: item }, options);
    const records = recordsOf(answer);
    const ids = records.flatMap(({ fields }) => objectsOf(fields).flatMap(({ user }) => [user].flat().map(stringOf)));
    const names = await mentionedNames(ids.filter(Boolean), records, context);
    const items = records.map((record) => shownItem(record, columns, names));
    const note = items.length === 0 ? { note: page.archived ? NO_ARCHIVED : NO_ITEMS } : {};
    return { ...headOf(list, found, columns), ...pageOf(items, nextCursorOf(answer)), ...note };
  },
  text: ({ notice, list, title, channel, columns, items, truncated, note, next_cursor: cursor }) =>
    [
      `${title} (${list})${channel === undefined ? '' : ` in ${channel}`}: ${items.length} ${items.length === 1 ? 'item' : 'items'}.`,
      notice,
      `Columns: ${columns.map(columnText).join(', ')}`,
      ...items.map(({ id, fields }) => `- ${id} ${indented(Object.entries(fields).map(pairText).join('; '))}`),
      truncated ?? '',
      note ?? '',
      cursor === undefined ? '' : `Next page: cursor ${cursor}`,
    ]
      .filter(Boolean)
      .join('\n'),
});

const NO_ITEMS =
  'The list has no items here. Pass archived: true for archived items, or add an item with slack_edit_list.';
const NO_ARCHIVED = 'The list has no archived items. Call without archived for the others.';

type ShownItem = { id: string; fields: Record<string, string> };

/** Returns the items of a page, or one item and its subtasks. */
function recordsOf({ items, record, subtasks }: JsonObject): JsonObject[] {
  return isObject(record) ? [record, ...objectsOf(subtasks)] : objectsOf(items);
}

function headOf(list: string, { file, channel }: ReadableFile, columns: readonly ListColumn[]) {
  return {
    notice: NOTICE,
    list,
    title: decodeEntities(stringOf(file['title']) || stringOf(file['name'])),
    ...(channel !== undefined && { channel }),
    columns: columns.map(({ id, name, type, choices }) => ({
      id,
      name,
      type,
      ...(choices.length > 0 && { choices: choices.map(({ label }) => label) }),
    })),
  };
}

function shownItem(record: JsonObject, columns: readonly ListColumn[], names: ReadableNames): ShownItem {
  const fields: Record<string, string> = {};
  for (const field of objectsOf(record['fields'])) {
    const id = stringOf(field['column_id']);
    const column = columns.find((candidate) => candidate.id === id);
    const name = column?.name || stringOf(field['key']) || id;
    const text = fieldText(field, column, names);
    if (text !== '') fields[Object.hasOwn(fields, name) ? `${name} (${id})` : name] = text;
  }
  return { id: stringOf(record['id']), fields };
}

function pageOf(items: ShownItem[], cursor: string) {
  const fitting = fittingItems(items);
  if (fitting === items.length) return { items, ...(cursor !== '' && { next_cursor: cursor }) };
  const truncated = `Only ${fitting} of ${items.length} items fit into one answer. Call again with limit: ${fitting}.`;
  return { items: items.slice(0, fitting), truncated };
}

function columnText({ name, type, choices }: { name: string; type: string; choices?: unknown }): string {
  const shown = Array.isArray(choices) ? `: ${choices.join(', ')}` : '';
  return indented(`${name} (${type}${shown})`);
}

function pairText([name, text]: [string, string]): string {
  return `${name}: ${text}`;
}
