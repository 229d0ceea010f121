import { CLUES, type Clue, type Clues } from './clues.ts';
import { pointsOf } from './lexical-baseline.ts';

/** A request with the clues for each tool. */
export interface Choice {
  readonly clues: readonly Clues[];
  /** Whether each tool is right. */
  readonly right: readonly boolean[];
}

/** The unit of each weight. */
const UNIT: Clues = { words: 1, meaning: 5, taken: 1, missing: 1, act: 1, unnamed: 1 };
/** The weights at the start, in their units. A weight far from it costs. */
const START = 0.3;
const STEPS = 120;
/** The first change of a weight and the largest one, in its unit. */
const [FIRST_STEP, LARGEST_STEP] = [0.1, 1];

/**
 * Fits the weights with which the right tools are most probable, if the points of a tool are the logarithm of its odds:
 * a conditional logit with a small penalty for large weights. Each weight has its own step: it grows while the slope
 * keeps its sign (resilient propagation).
 */
export function fitWeights(choices: readonly Choice[]): Clues {
  const weights = each((clue) => START * UNIT[clue]);
  const steps = each(() => FIRST_STEP);
  let before = each(() => 0);
  for (let step = 0; step < STEPS; step += 1) {
    const slope = slopeAt(weights, choices);
    for (const clue of CLUES) {
      const unit = UNIT[clue];
      slope[clue] = slope[clue] * unit - (weights[clue] / unit - START);
      steps[clue] *= slope[clue] * before[clue] < 0 ? 0.5 : 1.2;
      weights[clue] += Math.sign(slope[clue]) * Math.min(steps[clue], LARGEST_STEP) * unit;
    }
    before = slope;
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

function slopeAt(weights: Clues, choices: readonly Choice[]): Record<Clue, number> {
  const slope = each(() => 0);
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

function each(value: (clue: Clue) => number): Record<Clue, number> {
  return Object.fromEntries(CLUES.map((clue) => [clue, value(clue)])) as Record<Clue, number>;
}
