import { stemmer } from 'stemmer';
import type { ToolDescription } from '../../../../packages/server/src/tools/define-tool.ts';
import { GROUP, PERSON, withNames } from './directory.ts';
import { askedWords, wordsOf } from './words.ts';

/** Words in names of tools that are verbs, or things that a request seldom mentions because they are usual. */
const USUAL: ReadonlySet<string> = new Set(
  ['post', 'find', 'read', 'list', 'search', 'add', 'edit', 'reply', 'message', 'channel'].map(stemmer),
);

/** The things that a request mentions without a word for them. */
const FORMS: readonly (readonly [RegExp, readonly string[]])[] = [
  [new RegExp(`@|\\bU[A-Z0-9]{9}\\b|${PERSON}|${GROUP}`), ['user']],
  [new RegExp(`@|${GROUP}`), ['group']],
  [/\b\d{10}\.\d{6}\b|\/archives\//, ['thread']],
];

/** Tells for each tool whether its name contains a thing, such as a file, that the request does not mention. */
export function unnamedThing(tools: readonly ToolDescription[]): (request: string) => readonly boolean[] {
  const things = tools.map(({ name }) => {
    const words = wordsOf(name.replace('slack_', '').replaceAll('_', ' '));
    return words.filter((word) => !USUAL.has(word));
  });
  return (request) => {
    const text = withNames(request);
    const heard = new Set([
      ...askedWords(request).flat(),
      ...FORMS.flatMap(([form, found]) => (form.test(text) ? found : [])),
    ]);
    return things.map((words) => words.some((word) => !heard.has(word)));
  };
}
