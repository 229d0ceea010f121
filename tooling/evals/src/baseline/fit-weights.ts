import { CLUES, type Clue, type Clues } from './clues.ts';
import { pointsOf } from './lexical-baseline.ts';

/** A request with the clues for each tool. */
export interface Choice {
  readonly clues: readonly Clues[];
  /** Whether each tool is right. */
  readonly right: readonly boolean[];
}

/** The weights at the start. The clues have different units; a weight far from them costs. */
const START: Clues = { words: 0.3, meaning: 1.5, taken: 0.3, missing: 0.3, question: 0.3 };
/** The unit of each weight. */
const UNIT: Clues = { words: 1, meaning: 5, taken: 1, missing: 1, question: 1 };
const STEPS = 400;
const STEP = 0.02;

/**
 * Fits the weights with which the right tools are most probable, if the points of a tool are the logarithm of its odds:
 * a conditional logit with a small penalty for large weights.
 */
export function fitWeights(choices: readonly Choice[]): Clues {
  let weights = START;
  for (let step = 0; step < STEPS; step += 1) {
    const slope = slopeAt(weights, choices);
    weights = each((clue) => {
      const penalty = (weights[clue] - START[clue]) / UNIT[clue];
      return weights[clue] + STEP * UNIT[clue] * (slope[clue] * UNIT[clue] - penalty);
    });
  }
  return weights;
}

/** The chance that each tool is chosen. */
export function chances(clues: readonly Clues[], weights: Clues): readonly number[] {
  const points = clues.map((one) => pointsOf(one, weights));
  const top = Math.max(...points);
  const odds = points.map((one) => Math.exp(one - top));
  const sum = odds.reduce((all, one) => all + one, 0);
  return odds.map((one) => one / sum);
}

function slopeAt(weights: Clues, choices: readonly Choice[]): Clues {
  const slope: Record<Clue, number> = { words: 0, meaning: 0, taken: 0, missing: 0, question: 0 };
  for (const { clues, right } of choices) {
    const odds = chances(clues, weights);
    const hit = odds.reduce((sum, chance, tool) => sum + (right[tool] ? chance : 0), 0);
    for (const [tool, one] of clues.entries()) {
      const chance = odds[tool] ?? 0;
      const missed = (right[tool] ? chance / hit : 0) - chance;
      for (const clue of CLUES) slope[clue] += missed * one[clue];
    }
  }
  return slope;
}

function each(value: (clue: Clue) => number): Clues {
  return Object.fromEntries(CLUES.map((clue) => [clue, value(clue)])) as Record<Clue, number>;
}
