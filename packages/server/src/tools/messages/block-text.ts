import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { isObject, objectsOf, stringOf } from './json-fields.ts';
import { decodeEntities } from './readable-text.ts';
import { linkText, richText } from './rich-text.ts';
import { timeOf } from './time-text.ts';

/** Returns the readable text of Block Kit blocks, with at least one line per block. */
export function blocksText(blocks: JsonValue | undefined): string {
  return objectsOf(blocks).map(blockText).filter(Boolean).join('\n');
}

/** Types of blocks whose elements Slack shows next to each other. */
const ONE_LINE: ReadonlySet<unknown> = new Set(['context', 'actions', 'context_actions']);

function blockText(block: JsonObject): string {
  switch (block['type']) {
    case 'divider':
      return '';
    case 'rich_text':
      return richText(block, inlineText);
    case 'table':
    case 'data_table':
      return [...contentOf(block, new Set(['rows'])), tableText(block['rows'])].filter(Boolean).join('\n');
    default:
      return contentOf(block).join(ONE_LINE.has(block['type']) ? ' ' : '\n');
  }
}

function tableText(rows: JsonValue | undefined): string {
  const lines = Array.isArray(rows) ? rows : [];
  return lines
    .map((row) => (Array.isArray(row) ? row : []).map(cellText).join(' | '))
    .filter(Boolean)
    .join('\n');
}

/** Returns the text of a table cell, which is an empty string for an empty cell. */
function cellText(cell: JsonValue): string {
  if (!isObject(cell)) return cell === null || Array.isArray(cell) ? '' : String(cell);
  const { type, text, value } = cell;
  if (type === 'raw_text' || type === 'raw_number') return String(text ?? value ?? '');
  return blockText(cell).replaceAll('\n', ' ');
}

/** Fields that come first, in reading order. All other fields follow in the order of the object. */
const FIRST = ['title', 'rich_text_title', 'subtitle', 'label', 'text', 'body', 'fields', 'elements', 'tasks'];

/** Fields that never contain content. */
const TECHNICAL: ReadonlySet<string> = new Set([
  'type',
  'value',
  'style',
  'color',
  'verbatim',
  'emoji',
  'title_url',
  'url',
  ...['block_id', 'action_id', 'callback_id', 'external_id', 'task_id', 'source', 'level', 'width'],
]);

/** Matches names of fields that contain text for readers, such as `alt_text`, `provider_name` or `description`. */
const CONTENT =
  /(?:^|_)(?:text|title|subtitle|name|label|description|details|output|body|hint|caption|placeholder|fallback|footer|status|message|summary|filename)$|^initial_(?:value|date|time)$/;

function inlineText(element: JsonObject): string {
  return contentOf(element).join(' ');
}

/**
 * Returns all texts and URLs of an object, in reading order. Also handles unknown types of blocks.
 *
 * @param except - names of fields of this object that contain no content
 */
export function contentOf(value: JsonObject, except: ReadonlySet<string> = new Set()): string[] {
  const { type, text } = value;
  if (type === 'rich_text') return [richText(value, inlineText)].filter(Boolean);
  if (type === 'mrkdwn' || type === 'plain_text') return [decodeEntities(stringOf(text))].filter(Boolean);
  const label = labelOf(value);
  const linked = label === undefined ? undefined : linkText(addressOf(value), decodeEntities(label.text));
  const lines: string[] = linked === undefined ? [addressOf(value)].filter(Boolean).map((url) => `<${url}>`) : [linked];
  const names = [
    ...FIRST.filter((name) => name in value),
    ...Object.keys(value).filter((name) => !FIRST.includes(name)),
  ];
  for (const name of names) {
    if (except.has(name) || name === label?.name || TECHNICAL.has(name)) continue;
    lines.push(...fieldContent(name, value[name]));
  }
  return lines.filter(Boolean);
}

function fieldContent(name: string, field: JsonValue | undefined): string[] {
  if (typeof field === 'string') {
    if (/^https?:\/\//i.test(field)) return [`<${field}>`];
    return CONTENT.test(name) ? [decodeEntities(field)] : selected(name, field);
  }
  if (typeof field === 'number') return name === 'initial_date_time' ? [timeOf(field)] : [];
  if (Array.isArray(field)) return field.flatMap((item) => fieldContent(name, item));
  return isObject(field) ? contentOf(field) : [];
}

/** Returns a mention of the user or conversation that a menu selects initially. Names are added to mentions later. */
function selected(name: string, id: string): string[] {
  if (/^initial_users?$/.test(name)) return [`<@${id}>`];
  return /^initial_(?:channel|conversation)s?$/.test(name) ? [`<#${id}>`] : [];
}

/** Returns the URL that the whole object links to. */
function addressOf({ url, title_url }: JsonObject): string {
  return decodeEntities(stringOf(url) || stringOf(title_url));
}

/** Returns the label of the object's link, which is the object's title or text. */
function labelOf(value: JsonObject): { name: string; text: string } | undefined {
  if (addressOf(value) === '') return undefined;
  for (const name of ['title', 'text', 'label', 'name']) {
    const part = value[name];
    const text = typeof part === 'string' ? part : isObject(part) ? stringOf(part['text']) : '';
    if (text !== '') return { name, text };
  }
  return undefined;
}
