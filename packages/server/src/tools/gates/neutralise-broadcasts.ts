/** What Slack shows as code, where nothing is a mention: closed blocks, and spans on one line with words' edges around them. */
const CODE = /```[\s\S]*?```|(?<![\w`])`(?![\s`])[^`\n]*(?<!\s)`(?![\w`])/g;

/**
 * Slack's own form, with whatever stands behind the name, and what people write. An address (`someone@here.example`) or
 * the name of a package (`@here/maps`) is neither. No part can run past the next `<`, so that the time is linear.
 */
const BROADCAST =
  /<!\s*(channel|here|everyone|group)(?![\w-])[^<>]*>|(?<![\w.+/-])@(channel|here|everyone)(?![\w/-]|\.\w)/gi;

/** Keeps a name from being taken for a mention, and is not seen. */
const WORD_JOINER = '\u2060';

/** The text with `@channel`, `@here` and `@everyone` readable, but notifying no one. Code is left unchanged. */
export function neutraliseBroadcasts(text: string): string {
  let result = '';
  let end = 0;
  for (const { 0: code, index } of text.matchAll(CODE)) {
    result += neutralise(text.slice(end, index)) + code;
    end = index + code.length;
  }
  return result + neutralise(text.slice(end));
}

function neutralise(text: string): string {
  return text.replace(BROADCAST, (_match, slack?: string, written?: string) => `@${WORD_JOINER}${slack ?? written}`);
}
