/** Code, and what Slack takes for a mention or link. */
const ELSEWHERE = /```[\s\S]*?```|`[^`\n]*`|<[^<>]*>/g;

/** A name with `@` in front, which Slack posts as plain words. An address, a package and a broadcast are none. */
const NAME = /(?<![\w.+/@-])@(?!(?:channel|here|everyone)\b)(\p{L}[\p{L}\p{N}._-]{0,79})(?![\w/@])/gu;

/** The names in a text to be posted that look like mentions and are none. */
export function unmentionedNames(text: string): readonly string[] {
  return [...text.replace(ELSEWHERE, ' ').matchAll(NAME)].map(([, name = '']) => name.replace(/[._-]+$/, ''));
}
