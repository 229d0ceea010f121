import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { unescapeText } from '@slack-mcp/slack';
import { blocksText } from './block-text.ts';
import { objectsOf, stringOf } from './json-fields.ts';

/**
 * What a reader of Slack would read in a message: its text, what its blocks add to it, and its attachments. Bots often
 * leave the text empty or put a notification's summary there.
 */
export function messageText(message: JsonObject): string {
  const parts: string[] = [];
  const add = (text: string) => {
    const trimmed = text.trim();
    if (trimmed === '' || parts.some((part) => part.includes(trimmed))) return;
    const repeated = parts.findIndex((part) => trimmed.includes(part));
    if (repeated === -1) parts.push(trimmed);
    else parts[repeated] = trimmed;
  };
  add(stringOf(message['text']));
  // What people type comes as rich text and as text, twice the same.
  if (parts.length === 0 || !onlyRichText(message['blocks'])) add(blocksText(message['blocks']));
  for (const attachment of objectsOf(message['attachments'])) add(attachmentText(attachment));
  // Slack stores what people type with three characters escaped; a reader sees what they typed.
  return unescapeText(parts.join('\n'));
}

function attachmentText(attachment: JsonObject): string {
  const fields = objectsOf(attachment['fields']).map((field) =>
    [stringOf(field['title']), stringOf(field['value'])].filter(Boolean).join(': '),
  );
  const parts = [
    stringOf(attachment['pretext']),
    stringOf(attachment['author_name']),
    stringOf(attachment['title']),
    stringOf(attachment['text']),
    ...fields,
    blocksText(attachment['blocks']),
  ].filter(Boolean);
  return parts.length === 0 ? stringOf(attachment['fallback']) : parts.join('\n');
}

function onlyRichText(blocks: JsonValue | undefined): boolean {
  return objectsOf(blocks).every((block) => block['type'] === 'rich_text');
}
