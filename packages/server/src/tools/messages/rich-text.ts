import type { JsonObject } from '@slack-mcp/core';
import { objectsOf, stringOf } from './json-fields.ts';
import { timeOf } from './time-text.ts';

/** Returns the text of an inline element of an unknown type. */
export type OtherText = (element: JsonObject) => string;

/**
 * Returns the text of a `rich_text` block, with at least one line per section. Slack does not escape the texts in a
 * `rich_text` block.
 */
export function richText(block: JsonObject, other: OtherText): string {
  return objectsOf(block['elements'])
    .map((part) => richTextPart(part, other))
    .filter(Boolean)
    .join('\n');
}

/** Returns the text of one element of a block: a section, list, quote or preformatted text. */
function richTextPart(part: JsonObject, other: OtherText): string {
  const elements = objectsOf(part['elements']);
  const line = (): string => elements.map((element) => richTextElement(element, other)).join('');
  switch (part['type']) {
    case 'rich_text_list':
      return listLines(part, elements, other);
    case 'rich_text_quote':
      return `> ${line().replaceAll('\n', '\n> ')}`;
    case 'rich_text_preformatted':
      return `\`\`\`${line()}\`\`\``;
    case 'rich_text_section':
      return line();
    default:
      return elements.length > 0 ? line() : richTextElement(part, other);
  }
}

function listLines({ style, indent, offset }: JsonObject, items: readonly JsonObject[], other: OtherText): string {
  const margin = '  '.repeat(typeof indent === 'number' ? Math.max(0, Math.min(indent, 8)) : 0);
  const first = typeof offset === 'number' ? offset + 1 : 1;
  return items
    .map((item, index) => `${margin}${style === 'ordered' ? `${first + index}.` : '-'} ${richTextPart(item, other)}`)
    .join('\n');
}

/** Returns the text of an inline element. Mentions and links have the same form as in a message's text. */
function richTextElement(element: JsonObject, other: OtherText): string {
  const text = stringOf(element['text']);
  switch (element['type']) {
    case 'link':
      return linkText(stringOf(element['url']), text);
    case 'user':
      return `<@${stringOf(element['user_id'])}>`;
    case 'channel':
      return `<#${stringOf(element['channel_id'])}>`;
    case 'usergroup':
      return `<!subteam^${stringOf(element['usergroup_id'])}>`;
    case 'team':
      return `<!team^${stringOf(element['team_id'])}>`;
    case 'broadcast':
      return `<!${stringOf(element['range'])}>`;
    case 'emoji':
      return `:${stringOf(element['name'])}:`;
    case 'date':
      return linkText(stringOf(element['url']), dateText(element));
    case 'color':
      return stringOf(element['value']);
    case 'text':
      return text;
    default:
      return other(element);
  }
}

/** Returns a link in Slack's format, or only the label if there is no URL. */
export function linkText(url: string, label: string): string {
  if (url === '') return label;
  return label === '' || label === url ? `<${url}>` : `<${url}|${label}>`;
}

function dateText({ fallback, timestamp, format }: JsonObject): string {
  if (typeof fallback === 'string' && fallback !== '') return fallback;
  return typeof timestamp === 'number' ? timeOf(timestamp) : stringOf(format);
}
