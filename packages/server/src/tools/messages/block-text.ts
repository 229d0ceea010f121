import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { isObject, objectsOf, stringOf } from './json-fields.ts';

/** The readable text of Block Kit blocks, one line or more for each. Unknown blocks give whatever text they hold. */
export function blocksText(blocks: JsonValue | undefined): string {
  return objectsOf(blocks).map(blockText).filter(Boolean).join('\n');
}

function blockText(block: JsonObject): string {
  switch (block['type']) {
    case 'rich_text':
      return objectsOf(block['elements']).map(richTextPart).filter(Boolean).join('\n');
    case 'section':
      return [text(block['text']), ...objectsOf(block['fields']).map(text), text(block['accessory'])]
        .filter(Boolean)
        .join('\n');
    case 'context':
    case 'actions':
      return objectsOf(block['elements'])
        .map((element) => text(element['text']) || text(element) || stringOf(element['alt_text']))
        .filter(Boolean)
        .join(' ');
    case 'image':
    case 'video':
      return [text(block['title']), stringOf(block['alt_text']), text(block['description'])].filter(Boolean).join('\n');
    case 'table':
      return arrays(block['rows'])
        .map((row) =>
          objectsOf(row)
            .map((cell) => stringOf(cell['text']) || blockText(cell))
            .join(' | '),
        )
        .join('\n');
    case 'divider':
      return '';
    default:
      return anyText(block);
  }
}

/** One part of a rich text: a section, list, quote or preformatted text. */
function richTextPart(part: JsonObject): string {
  const elements = objectsOf(part['elements']);
  switch (part['type']) {
    case 'rich_text_list':
      return elements
        .map((item, index) => `${part['style'] === 'ordered' ? `${index + 1}.` : '-'} ${richTextPart(item)}`)
        .join('\n');
    case 'rich_text_quote':
      return `> ${elements.map(richTextElement).join('')}`;
    case 'rich_text_preformatted':
      return `\`\`\`${elements.map(richTextElement).join('')}\`\`\``;
    default:
      return elements.map(richTextElement).join('');
  }
}

/** Mentions are written as Slack writes them in a message's text, with ids. */
function richTextElement(element: JsonObject): string {
  switch (element['type']) {
    case 'link':
      return stringOf(element['text']) || stringOf(element['url']);
    case 'user':
      return `<@${stringOf(element['user_id'])}>`;
    case 'channel':
      return `<#${stringOf(element['channel_id'])}>`;
    case 'usergroup':
      return `<!subteam^${stringOf(element['usergroup_id'])}>`;
    case 'broadcast':
      return `<!${stringOf(element['range'])}>`;
    case 'emoji':
      return `:${stringOf(element['name'])}:`;
    case 'date':
      return stringOf(element['fallback']) || stringOf(element['format']);
    case 'color':
      return stringOf(element['value']);
    default:
      return stringOf(element['text']);
  }
}

/** A text object's text, a plain string, or the label of an element. */
function text(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return '';
  const inner = value['text'];
  return typeof inner === 'string' ? inner : isObject(inner) ? stringOf(inner['text']) : '';
}

/** Every text in a block of a kind that is not known here, in its order. */
function anyText(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return value.map(anyText).filter(Boolean).join('\n');
  if (!isObject(value)) return '';
  return Object.entries(value)
    .map(([name, inner]) => (name === 'text' && typeof inner === 'string' ? inner : anyText(inner)))
    .filter(Boolean)
    .join('\n');
}

function arrays(value: JsonValue | undefined): JsonValue[][] {
  return Array.isArray(value) ? value.filter((item) => Array.isArray(item)) : [];
}
