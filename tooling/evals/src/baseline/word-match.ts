import { FIELDS, type Field, type ToolTexts } from './tool-texts.ts';
import { askedWords } from './words.ts';

/** How much a word of each field counts. */
const FIELD_WEIGHTS: Readonly<Record<Field, number>> = {
  ...{ name: 1, title: 0.7, description: 0.7, arguments: 0.1, instructions: 0.2 },
};

/** How much more the first word of a request counts, because requests begin with what to do. */
const FIRST = 1.5;
/** How fast the count of a repeated word stops to matter: `k1` of BM25. */
const SATURATION = 1.2;
/** How much a long field counts less: `b` of BM25. */
const LENGTH = 0.25;

/** Returns how well the words of a request match the words of each tool: BM25 for each field, weighted and added. */
export function wordMatch(texts: readonly ToolTexts[]): (request: string) => readonly number[] {
  const average = Object.fromEntries(
    FIELDS.map((field) => [field, texts.reduce((sum, { fields }) => sum + fields[field].length, 0) / texts.length]),
  );
  const counted = texts.map(({ fields }) => FIELDS.map((field) => countOf(fields[field])));

  function rarity(word: string): number {
    const count = counted.filter((fields) => fields.some((counts) => counts.has(word))).length;
    return Math.log(1 + (counted.length - count + 0.5) / (count + 0.5));
  }

  return (request) => {
    const wanted = askedWords(request).flatMap((words, index) =>
      words.map((word) => ({ word, weight: (1 + FIRST / (index + 1)) * rarity(word) })),
    );
    return texts.map(({ fields }, tool) =>
      FIELDS.reduce((sum, field, index) => {
        const size = 1 - LENGTH + (LENGTH * fields[field].length) / (average[field] || 1);
        const points = wanted.reduce((found, { word, weight }) => {
          const count = (counted[tool]?.[index]?.get(word) ?? 0) / size;
          return found + (weight * count) / (count + SATURATION);
        }, 0);
        return sum + FIELD_WEIGHTS[field] * points;
      }, 0),
    );
  };
}

function countOf(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
