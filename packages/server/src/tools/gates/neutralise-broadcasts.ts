import type { JsonValue } from '@slack-mcp/core';

/**
 * Matches text that Slack shows as code, in which Slack recognizes no mentions: closed code blocks, and code spans on
 * one line at word boundaries.
 */
const CODE = /```[\s\S]*?```|(?<![\w`])`(?![\s`])[^`\n]*(?<!\s)`(?![\w`])/g;

/**
 * Matches broadcasts, both in Slack's own form with any label and in the form that people type. An email address
 * (`someone@here.example`) or a package name (`@here/maps`) does not match. No part of the pattern can match past the
 * next `<`, so matching takes linear time.
 */
const BROADCAST =
  /<!\s*(channel|here|everyone|group)(?![\w-])[^<>]*>|(?<![\w.+/-])@(channel|here|everyone)(?![\w/-]|\.\w)/gi;

/** An invisible character that keeps a name from being parsed as a mention. */
const WORD_JOINER = '\u2060';

/**
 * Keeps `@channel`, `@here` and `@everyone` readable, but prevents them from notifying anyone. Code is left unchanged.
 *
 * @param options - `markdown` changes code too, because Markdown has other rules for where code begins and ends
 */
export function neutraliseBroadcasts(text: string, { markdown = false }: { markdown?: boolean } = {}): string {
  if (markdown) return neutralise(text);
  let result = '';
  let end = 0;
  for (const { 0: code, index } of text.matchAll(CODE)) {
    result += neutralise(text.slice(end, index)) + code;
    end = index + code.length;
  }
  return result + neutralise(text.slice(end));
}

/**
 * Prevents broadcasts in all texts of a value, such as the blocks of a message, from notifying anyone. An element that
 * mentions a whole channel becomes text.
 */
export function neutraliseBroadcastsIn(value: JsonValue): JsonValue {
  if (typeof value === 'string') return neutraliseBroadcasts(value);
  if (Array.isArray(value)) return value.map(neutraliseBroadcastsIn);
  if (typeof value !== 'object' || value === null) return value;
  if (value['type'] === 'broadcast') return { type: 'text', text: `@${WORD_JOINER}${String(value['range'])}` };
  // Code in a `markdown` block begins and ends at other places than in a text.
  const markdown = value['type'] === 'markdown';
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      markdown && typeof part === 'string' ? neutraliseBroadcasts(part, { markdown }) : neutraliseBroadcastsIn(part),
    ]),
  );
}

function neutralise(text: string): string {
  return text.replace(BROADCAST, (_match, slack?: string, written?: string) => `@${WORD_JOINER}${slack ?? written}`);
}
