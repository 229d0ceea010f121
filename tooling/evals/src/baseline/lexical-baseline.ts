import type { ToolList } from '../listed-tools.ts';
import { CLUES, type Clues, cluesIn } from './clues.ts';
import { type MeaningOf, readMeanings } from './word-vectors.ts';

/** How much each clue counts. `tune-baseline.ts` fits the weights to the visible requests. */
export const WEIGHTS: Clues = { words: 0.6, meaning: 5.8, taken: 1.3, missing: -2.8, act: 2.1, unnamed: -1.6 };

/** Picks a tool for a request. */
export type PickTool = (request: string) => string;

/**
 * Picks the tool with the most points: how well its words match the words of the request, how near their meanings are,
 * and how well the things that the request mentions fit the tool's arguments. The baseline understands no sentence: it
 * shows which tools have words that are too similar.
 */
export function lexicalBaseline(list: ToolList, meaningOf: MeaningOf = readMeanings()): PickTool {
  const cluesOf = cluesIn(list, meaningOf);
  return (request) => {
    const points = cluesOf(request).map((clues) => pointsOf(clues, WEIGHTS));
    return list.tools[points.indexOf(Math.max(...points))]?.name ?? '';
  };
}

/** The weighted sum of the clues. */
export function pointsOf(clues: Clues, weights: Clues): number {
  return CLUES.reduce((sum, clue) => sum + clues[clue] * weights[clue], 0);
}
