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

/**
 * Replaces names in a text by mentions. Changes the same names that `unmentionedNames` returns.
 *
 * @param ids - the IDs of users by name, without `@`
 */
export function withMentions(text: string, ids: ReadonlyMap<string, string>): string {
  if (ids.size === 0) return text;
  const replaced = (prose: string): string =>
    prose.replace(NAME, (found, written: string) => {
      const name = written.replace(/[._-]+$/, '');
      const id = ids.get(name);
      return id === undefined ? found : `<@${id}>${written.slice(name.length)}`;
    });
  let result = '';
  let end = 0;
  for (const { 0: other, index } of text.matchAll(ELSEWHERE)) {
    result += replaced(text.slice(end, index)) + other;
    end = index + other.length;
  }
  return result + replaced(text.slice(end));
}
