import type { ToolDescription } from '../../../packages/server/src/tools/define-tool.ts';
import type { ToolList } from './listed-tools.ts';
import { askedWords, wordsOf } from './words.ts';

/** What a client shows of a tool, by where the words are. */
const FIELDS = ['name', 'title', 'description', 'arguments', 'instructions'] as const;

type Field = (typeof FIELDS)[number];

/** How the baseline weighs words. */
export interface BaselineWeights extends Readonly<Record<Field, number>> {
  /** How much more the first word of a request counts, because requests begin with what to do. */
  readonly first: number;
  /** How much a word counts that is only similar, by their sequences of three letters. */
  readonly similar: number;
  /** How fast the count of a repeated word stops to matter: `k1` of BM25. */
  readonly saturation: number;
  /** How much a long field counts less: `b` of BM25. */
  readonly length: number;
}

/** The weights, chosen by cross-validation on the visible requests: `src/tune-baseline.ts`. */
export const WEIGHTS: BaselineWeights = {
  ...{ name: 5, title: 1, description: 1, arguments: 0.25, instructions: 0.1 },
  ...{ first: 1.5, similar: 0.3, saturation: 1.2, length: 0.25 },
};

/** Picks a tool for a request. */
export type PickTool = (request: string) => string;

/**
 * Picks the tool that matches the words of the request best (BM25F over the fields of a tool). Words that only few tools
 * have count more. The baseline understands nothing: it shows which tools have words that are too similar.
 */
export function lexicalBaseline({ tools, instructions }: ToolList, weights: BaselineWeights = WEIGHTS): PickTool {
  const lines = instructions.split('\n');
  const documents = tools.map((tool) => ({ name: tool.name, fields: fieldsOf(tool, lines) }));
  const averages = new Map(FIELDS.map((field) => [field, averageLength(documents.map(({ fields }) => fields[field]))]));
  const words = documents.flatMap(({ fields }) => FIELDS.flatMap((field) => fields[field]));
  const vocabulary = new Map(words.map((word) => [word, trigrams(word)]));

  const counted = documents.map(({ name, fields }) => {
    const counts = new Map<string, number>();
    for (const field of FIELDS) {
      const size = 1 - weights.length + (weights.length * fields[field].length) / (averages.get(field) || 1);
      for (const word of fields[field]) counts.set(word, (counts.get(word) ?? 0) + weights[field] / size);
    }
    return { name, counts };
  });

  function rarity(word: string): number {
    const count = counted.filter(({ counts }) => counts.has(word)).length;
    return Math.log(1 + (counted.length - count + 0.5) / (count + 0.5));
  }

  /** The words of the tools that a word of a request stands for, with how much each counts. */
  function matching(word: string): readonly (readonly [string, number])[] {
    if (vocabulary.has(word)) return [[word, 1]];
    if (weights.similar === 0) return [];
    const parts = trigrams(word);
    const [nearest] = [...vocabulary]
      .map(([known, others]) => [known, similarity(parts, others)] as const)
      .filter(([, degree]) => degree >= 0.5)
      .toSorted(([, a], [, b]) => b - a);
    return nearest === undefined ? [] : [[nearest[0], nearest[1] * weights.similar]];
  }

  return (request) => {
    const asked = [...new Set(askedWords(request))];
    const wanted = asked.flatMap((word, index) =>
      matching(word).map(([known, degree]) => {
        const place = 1 + weights.first / (index + 1);
        return { known, weight: degree * place * rarity(known) };
      }),
    );
    const points = counted.map(({ counts }) =>
      wanted.reduce((sum, { known, weight }) => {
        const count = counts.get(known) ?? 0;
        return sum + (weight * count) / (count + weights.saturation);
      }, 0),
    );
    return counted[points.indexOf(Math.max(...points))]?.name ?? '';
  };
}

function fieldsOf(
  { name, title, description, inputSchema }: ToolDescription,
  instructions: readonly string[],
): Readonly<Record<Field, readonly string[]>> {
  const properties = Object.entries((inputSchema['properties'] ?? {}) as Record<string, { description?: string }>);
  return {
    name: wordsOf(spaced(name.replace(/^slack_/, ''))),
    title: wordsOf(title),
    description: wordsOf(description),
    arguments: properties.flatMap(([argument, schema]) => wordsOf(`${spaced(argument)} ${schema.description ?? ''}`)),
    instructions: instructions.filter((line) => line.includes(name)).flatMap((line) => wordsOf(spaced(line))),
  };
}

function spaced(text: string): string {
  return text.replaceAll('slack_', '').replaceAll('_', ' ');
}

function averageLength(fields: readonly (readonly string[])[]): number {
  return fields.reduce((sum, { length }) => sum + length, 0) / fields.length;
}

/** Returns how similar two words are: the share of the sequences of three letters that both have (Dice). */
function similarity(first: ReadonlySet<string>, second: ReadonlySet<string>): number {
  let common = 0;
  for (const part of first) if (second.has(part)) common += 1;
  return (2 * common) / (first.size + second.size);
}

function trigrams(word: string): ReadonlySet<string> {
  const text = ` ${word} `;
  return new Set(Array.from({ length: Math.max(1, text.length - 2) }, (_, index) => text.slice(index, index + 3)));
}
