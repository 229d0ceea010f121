import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { blocksText } from '../../messages/block-text.ts';
import { isObject, stringOf } from '../../messages/json-fields.ts';
import { plainMarkup } from '../../messages/plain-markup.ts';
import { decodeEntities, nameMentions, type ReadableNames } from '../../messages/readable-text.ts';
import { linkText } from '../../messages/rich-text.ts';
import { timeOf } from '../../messages/time-text.ts';
import type { ListColumn } from './list-column.ts';

type Show = (value: JsonValue, column: ListColumn | undefined, names: ReadableNames) => string;

const plain: Show = (value) => (typeof value === 'string' ? decodeEntities(value) : JSON.stringify(value));

/** How to show the values of a field, by the property that contains them. Source: the types of `@slack/web-api`. */
const SHOWN: Readonly<Record<string, Show>> = {
  rich_text: (value, _column, names) => plainMarkup(nameMentions(blocksText([value]), names)),
  select: (value, column) => column?.choices.find((choice) => choice.value === value)?.label ?? stringOf(value),
  user: (value, _column, names) => names.get(stringOf(value)) ?? stringOf(value),
  date: plain,
  number: plain,
  rating: plain,
  email: plain,
  phone: plain,
  message: plain,
  attachment: plain,
  channel: (value) => `#${stringOf(value)}`,
  checkbox: (value) => (value === true ? 'yes' : 'no'),
  timestamp: (value) => timeOf(Number(value)),
  link: (value) =>
    isObject(value) ? plainMarkup(linkText(stringOf(value['original_url']), stringOf(value['display_name']))) : '',
  reference: (value) => (isObject(value) && isObject(value['file']) ? stringOf(value['file']['file_id']) : ''),
};

/** Returns the text of a field of an item, as people read it. */
export function fieldText(field: JsonObject, column: ListColumn | undefined, names: ReadableNames): string {
  for (const [property, show] of Object.entries(SHOWN)) {
    const value = field[property];
    if (value === undefined || value === null) continue;
    const values = Array.isArray(value) ? value : [value];
    return values
      .map((part) => show(part, column, names))
      .filter(Boolean)
      .join(property === 'rich_text' ? '\n' : ', ');
  }
  return decodeEntities(stringOf(field['text']) || stringOf(field['value']));
}
