import { LISTED_METHODS, type ListedMethod } from './method-table.ts';

/**
 * Finds methods by words of their names, summaries and arguments, and returns the best match first. A query that is the
 * name of a method finds this method first.
 */
export function searchMethods(query: string): readonly ListedMethod[] {
  const exact = LISTED_METHODS.get(query.trim());
  const wanted = [...new Set(wordsOf(query))];
  const found = [...LISTED_METHODS.values()]
    .map((method) => ({ method, score: method === exact ? Number.POSITIVE_INFINITY : scoreOf(method, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  // What matches far less than the best is left out.
  const best = found.find(({ score }) => Number.isFinite(score))?.score ?? 0;
  return found.filter(({ score }) => score >= best / 2).map(({ method }) => method);
}

/** The weights of words in a method's name, summary and arguments. */
const [IN_NAME, IN_SUMMARY, IN_ARGUMENTS] = [3, 2, 1] as const;

function scoreOf({ name, summary, arguments: { properties } }: ListedMethod, wanted: readonly string[]): number {
  const places = [
    [IN_NAME, wordsOf(name)],
    [IN_SUMMARY, wordsOf(summary)],
    [IN_ARGUMENTS, wordsOf(Object.keys(properties).join(' '))],
  ] as const;
  const scores = wanted.map((word) =>
    Math.max(0, ...places.map(([weight, words]) => (words.includes(word) ? weight : 0))),
  );
  // A method that matches more of the words comes first.
  return scores.reduce((sum, score) => sum + score + (score > 0 ? IN_NAME : 0), 0);
}

/** Splits a text or a name such as `conversations.setTopic` into words, in lower case and in the singular. */
function wordsOf(text: string): readonly string[] {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => (word.length > 3 ? word.replace(/s$/, '') : word))
    .map((word) => SAME.get(word) ?? word)
    .filter((word) => word !== '' && !IGNORED.has(word));
}

const IGNORED: ReadonlySet<string> = new Set([
  'a',
  'an',
  'all',
  'and',
  'for',
  'from',
  'in',
  'is',
  'of',
  'on',
  'or',
  'the',
  'to',
  'with',
]);

/** Words that people use, with the corresponding words in the names of Slack's methods. */
const SAME: ReadonlyMap<string, string> = new Map([
  ['channel', 'conversation'],
  ['dm', 'conversation'],
  ['thread', 'reply'],
  ['replie', 'reply'],
  ['link', 'permalink'],
  ['saved', 'star'],
  ['person', 'user'],
  ['people', 'user'],
  ['member', 'user'],
  ['who', 'user'],
  ['pinned', 'pin'],
  ['mute', 'snooze'],
  ['remove', 'delete'],
  ['kick', 'delete'],
]);
