import type { JsonObject } from '@slack-mcp/core';

/** Whether a message mentions a person or the whole channel. */
export function mentionsPerson({ text, blocks, attachments }: JsonObject, person: string): boolean {
  const content = JSON.stringify([text, blocks, attachments]);
  return (
    [`<@${person}>`, `<@${person}|`, `"user_id":"${person}"`].some((mention) => content.includes(mention)) ||
    /<!(?:channel|here|everyone)\b/.test(content) ||
    content.includes('"type":"broadcast"')
  );
}
