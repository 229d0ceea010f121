import { stemmer } from 'stemmer';
import { GROUP, PERSON, withNames } from './directory.ts';
import { PHRASES, SYNONYMS } from './synonyms.ts';

/** What a form in a request stands for. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  // What a person wants to be written is not what the person asks for.
  [/```[\s\S]*?```/g, ' code '],
  [/["“][^"”]*["”]|(?<!\w)'[^']*'(?!\w)/g, ' '],
  [/https:\/\/\S+\/archives\/\S+/g, ' message '],
  [/https?:\/\/\S+/g, ' link '],
  [/\b\d{10}\.\d{6}\b/g, ' message ts '],
  [/\bF[A-Z0-9]{9}\b/g, ' file id '],
  [/:[a-z_0-9+-]*[a-z_][a-z_0-9+-]*:|:[+-]1:/g, ' emoji '],
  [/[\w.]+@[\w.]+\w/g, ' email address '],
  [/@[\w.-]+/g, ' '],
  [/#[\w-]+/g, ' channel '],
  // A name says nothing about the tool.
  [new RegExp(`\\b(?:${PERSON}|${GROUP})\\b`, 'g'), ' '],
  [/(?<=[a-z,] )[A-Z][a-z]+(?:'s)?(?: [A-Z][a-z]+)*/g, ' '],
];

const STOP: ReadonlySet<string> = new Set(
  'a all an and any are as at be by can did do does for from give has have i in is it its me my not of on or our so that the them then there they this to us was we what when where which who will with you your slack tool tools use'.split(
    ' ',
  ),
);

/** The words of a text without endings. Links, times and ids become the words for what they are. */
export function wordsOf(text: string): readonly string[] {
  return plainWords(text).map(stemmer);
}

/**
 * The words of a request without endings, each in its first place, with the words that mean the same in Slack.
 *
 * @returns for each word, what it may stand for
 */
export function askedWords(request: string): readonly (readonly string[])[] {
  return askedPhrases(request).map((words) => words.map(stemmer));
}

/** The words of a request like `askedWords`, with their endings. */
export function askedPhrases(request: string): readonly (readonly string[])[] {
  const named = PHRASES.reduce((rest, [form, words]) => rest.replace(form, ` ${words} `), withNames(request));
  return [...new Set(plainWords(named))].map((word) => [word, ...(SYNONYMS.get(word) ?? [])]);
}

/** The words of a text with their endings, without the words that occur everywhere. */
export function plainWords(text: string): readonly string[] {
  const plain = FORMS.reduce((rest, [form, word]) => rest.replace(form, word), text);
  return (plain.toLowerCase().match(/[a-z]+/g) ?? []).filter((word) => word.length > 1 && !STOP.has(word));
}
