/** Matches code, and text that Slack parses as a mention or link. */
const ELSEWHERE = /```[\s\S]*?```|`[^`\n]*`|<[^<>]*>/g;

/**
 * Matches a name with a leading `@` that Slack posts as plain text. Does not match email addresses, package names and
 * broadcasts.
 */
const NAME = /(?<![\w.+/@-])@(?!(?:channel|here|everyone)\b)(\p{L}[\p{L}\p{N}._-]{0,79})(?![\w/@])/gu;

/** Returns the names in a text that look like mentions but do not notify anyone. */
export function unmentionedNames(text: string): readonly string[] {
  return [...text.replace(ELSEWHERE, ' ').matchAll(NAME)].map(([, name = '']) => name.replace(/[._-]+$/, ''));
}
