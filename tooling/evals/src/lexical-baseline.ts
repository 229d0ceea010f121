import type { ToolList } from './listed-tools.ts';
import { askedWords, wordsOf } from './words.ts';

/** How much a word counts by where it is. A name says in the fewest words what a tool does. */
const NAME_WEIGHT = 5;

/** How much more the first word of a request counts: requests begin with what to do. */
const FIRST_WEIGHT = 2;

/** The parameters of BM25, with their usual values. */
const K1 = 1.2;
const B = 0.75;

/** Picks a tool for a request. */
export type PickTool = (request: string) => string;

/**
 * Picks the tool whose name, description and instructions have the most words of the request (BM25). Words that only few
 * tools have count more. The baseline understands nothing: it shows which tools have words that are too similar.
 */
export function lexicalBaseline({ tools, instructions }: ToolList): PickTool {
  const lines = instructions.split('\n');
  const documents = tools.map(({ name, description }) => {
    const words = new Map<string, number>();
    const add = (text: string, weight: number): void => {
      for (const word of wordsOf(text)) words.set(word, (words.get(word) ?? 0) + weight);
    };
    add(name.replace(/^slack_/, '').replaceAll('_', ' '), NAME_WEIGHT);
    add(description, 1);
    for (const line of lines.filter((text) => text.includes(name))) add(line, 1);
    return { name, words, length: [...words.values()].reduce((sum, count) => sum + count, 0) };
  });
  const average = documents.reduce((sum, { length }) => sum + length, 0) / documents.length;

  function rarity(word: string): number {
    const count = documents.filter(({ words }) => words.has(word)).length;
    return Math.log(1 + (documents.length - count + 0.5) / (count + 0.5));
  }

  return (request) => {
    const asked = [...new Set(askedWords(request))];
    const points = documents.map(({ words, length }) =>
      asked.reduce((sum, word, index) => {
        const count = words.get(word) ?? 0;
        const found = (count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / average));
        return sum + (1 + FIRST_WEIGHT / (index + 1)) * rarity(word) * found;
      }, 0),
    );
    return documents[points.indexOf(Math.max(...points))]?.name ?? '';
  };
}
