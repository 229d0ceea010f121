import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { neutraliseBroadcasts } from '../../gates/neutralise-broadcasts.ts';
import type { ToolContext } from '../../tool-context.ts';
import type { ListColumn } from './list-column.ts';
import { ListError } from './list-error.ts';

type Convert = (given: readonly unknown[], column: ListColumn, context: ToolContext) => Promise<JsonValue> | JsonValue;

const texts: Convert = (given, column) => given.map((value) => textOf(value, column));

/** For each type of column: the property that contains the values, and the function that converts given values. */
const CONVERSIONS: Readonly<Record<string, readonly [property: string, convert: Convert]>> = {
  text: ['rich_text', richText],
  number: ['number', (given, column) => given.map((value) => numberOf(value, column))],
  rating: ['rating', (given, column) => given.map((value) => numberOf(value, column))],
  select: ['select', (given, column) => given.map((value) => choiceOf(value, column))],
  multi_select: ['select', (given, column) => given.map((value) => choiceOf(value, column))],
  user: ['user', usersOf],
  multi_user: ['user', usersOf],
  todo_assignee: ['user', usersOf],
  date: ['date', (given, column) => given.map((value) => dateOf(value, column))],
  todo_due_date: ['date', (given, column) => given.map((value) => dateOf(value, column))],
  checkbox: ['checkbox', ([value], column) => flagOf(value, column)],
  todo_completed: ['checkbox', ([value], column) => flagOf(value, column)],
  email: ['email', texts],
  phone: ['phone', texts],
  link: ['link', (given, column) => given.map((value) => linkOf(textOf(value, column), column))],
};

/** Types of columns that this tool can write. */
export const WRITABLE_TYPES: readonly string[] = Object.keys(CONVERSIONS);

/**
 * Returns the field with which Slack sets a column to a value.
 *
 * Source: docs.slack.dev/reference/methods/slackLists.items.create.
 *
 * @throws ListError - the value does not fit the column
 * @throws NameError - no person or several people have a given name
 */
export async function fieldValue(column: ListColumn, given: unknown, context: ToolContext): Promise<JsonObject> {
  const conversion = Object.hasOwn(CONVERSIONS, column.type) ? CONVERSIONS[column.type] : undefined;
  if (conversion === undefined) throw ListError.unsupported(column);
  const [property, convert] = conversion;
  return { column_id: column.id, [property]: await convert([given].flat(), column, context) };
}

function richText(given: readonly unknown[], column: ListColumn, { posting }: ToolContext): JsonValue {
  const written = given.map((value) => textOf(value, column)).join('\n');
  const text = posting.allowBroadcast ? written : neutraliseBroadcasts(written);
  const elements = text === '' ? [] : [{ type: 'text', text }];
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
}

async function usersOf(given: readonly unknown[], column: ListColumn, context: ToolContext): Promise<JsonValue> {
  const ids: string[] = [];
  for (const value of given) {
    ids.push(await context.users.resolve(textOf(value, column), { signal: context.signal }));
  }
  return ids;
}

function textOf(value: unknown, column: ListColumn): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw ListError.invalidValue(column, 'needs a text');
}

function numberOf(value: unknown, column: ListColumn): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw ListError.invalidValue(column, 'needs a number');
}

function dateOf(value: unknown, column: ListColumn): string {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw ListError.invalidValue(column, 'needs a date such as 2026-03-01');
}

function flagOf(value: unknown, column: ListColumn): boolean {
  const word = String(value).trim().toLowerCase();
  if (['true', 'yes', '1'].includes(word)) return true;
  if (['false', 'no', '0'].includes(word)) return false;
  throw ListError.invalidValue(column, 'needs true or false');
}

function choiceOf(value: unknown, column: ListColumn): string {
  const given = textOf(value, column).trim();
  const wanted = given.toLowerCase();
  const found = column.choices.find((choice) =>
    [choice.value, choice.label].some((name) => name.toLowerCase() === wanted),
  );
  if (found !== undefined) return found.value;
  const labels = column.choices.map(({ label }) => label).join(', ');
  throw ListError.invalidValue(column, `has no choice ${JSON.stringify(given.slice(0, 60))}; its choices: ${labels}`);
}

function linkOf(url: string, column: ListColumn): JsonObject {
  if (!/^https?:\/\//i.test(url)) throw ListError.invalidValue(column, 'needs an address such as https://example.com');
  return { original_url: url, display_as_url: true, display_name: url };
}
