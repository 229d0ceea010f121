import type { JsonObject } from '@slack-mcp/core';
import { stringOf } from './json-fields.ts';
import { decodeEntities } from './readable-text.ts';

/** Returns the name of a file in a message, with its title if the title differs. */
export function fileName(file: JsonObject): string {
  const [name, title] = [stringOf(file['name']), stringOf(file['title'])];
  return decodeEntities(name === '' || title === '' || name === title ? name || title : `${name} (${title})`);
}
