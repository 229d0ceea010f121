import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { isObject } from '../messages/json-fields.ts';
import { indented } from './indented.ts';

/**
 * Returns an output as compact text with one line per field. A list of objects has one line per object. Further lines
 * of a text are indented, so that a text cannot pass for a field.
 */
export function fieldsText(output: JsonObject): string {
  const { notice, ...fields } = output;
  const lines = Object.entries(fields).map(([name, value]) => fieldText(name, value));
  return [...(typeof notice === 'string' ? [notice] : []), ...lines].filter(Boolean).join('\n');
}

function fieldText(name: string, value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && value.some(isObject)) {
    return [`${name}:`, ...value.map((item) => `- ${indented(itemText(item))}`)].join('\n');
  }
  return `${name}: ${indented(valueText(value))}`;
}

function itemText(item: JsonValue): string {
  if (!isObject(item)) return valueText(item);
  return Object.entries(item)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join(', ');
}

function valueText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length === 0) return 'none';
  return value.every((item) => typeof item !== 'object') ? value.join(', ') : JSON.stringify(value);
}
