import { type Measurement, round } from '../compare.ts';
import { median } from '../median.ts';
import type { Quantity } from './bench-line.ts';
import { spreadOf } from './spread.ts';

/** The measurements of a round on each side. `again` is the second run of this tree, for the A/A pair. */
export interface Round {
  readonly ours: readonly Quantity[];
  readonly again: readonly Quantity[];
  readonly theirs: readonly Quantity[];
}

/** One metric of this tree, compared with the revision. */
export interface RevisionMeasurement extends Measurement {
  /** By how much two medians of this tree differ by chance, as a share (0.04: 4 %). */
  readonly spread: number;
  /** `noise`: the ratio is within the spread. */
  readonly verdict: 'better' | 'worse' | 'noise';
}

/** Compares the metrics that both sides measured in every round. */
export function verdictsOf(rounds: readonly Round[], reference: string): RevisionMeasurement[] {
  return namesOf(rounds, 'ours').flatMap((name) => {
    const [ours, again, theirs] = (['ours', 'again', 'theirs'] as const).map((side) => seriesOf(rounds, side, name));
    if (!ours || !again || !theirs || theirs.length < rounds.length) return [];
    const { bench, metric, unit, better } = ours[0] as Quantity;
    const own = [...ours, ...again].map(({ value }) => value);
    const [value, referenceValue] = [median(own), median(theirs.map((quantity) => quantity.value))];
    const ratio = better === 'more' ? value / referenceValue : referenceValue / value;
    const spread = spreadOf(own.slice(0, ours.length), own.slice(ours.length));
    const verdict = Math.abs(Math.log(ratio)) <= Math.log1p(spread) ? 'noise' : ratio > 1 ? 'better' : 'worse';
    const figures = { ours: round(value), reference, referenceValue: round(referenceValue), ratio: round(ratio), unit };
    return [{ bench, metric, ...figures, spread: round(spread), verdict }];
  });
}

/** Metrics that only one of the sides measured in every round. */
export function unmatched(rounds: readonly Round[]): { ours: string[]; theirs: string[] } {
  const [ours, theirs] = [namesOf(rounds, 'ours'), namesOf(rounds, 'theirs')];
  return {
    ours: ours.filter((name) => !theirs.includes(name)),
    theirs: theirs.filter((name) => !ours.includes(name)),
  };
}

const nameOf = ({ bench, metric, unit }: Quantity): string => `${bench}, ${metric} in ${unit}`;

function namesOf(rounds: readonly Round[], side: keyof Round): string[] {
  return [...new Set(rounds.flatMap((round) => round[side].map(nameOf)))];
}

function seriesOf(rounds: readonly Round[], side: keyof Round, name: string): Quantity[] {
  return rounds.flatMap((round) => round[side].filter((quantity) => nameOf(quantity) === name));
}
