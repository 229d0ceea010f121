import { median } from './median.ts';

/** One line of a benchmark. */
export interface Measurement {
  bench: string;
  metric: string;
  /** In `unit`, median of the rounds. */
  ours: number;
  /** What we are compared with. */
  reference: string;
  referenceValue: number;
  /** Above 1 means ours is better. */
  ratio: number;
  unit: string;
}

/** Two ways to do the same. */
export interface Comparison {
  bench: string;
  metric: string;
  reference: string;
  unit: string;
  /** `more`: a rate. `less`: a cost. */
  better: 'more' | 'less';
  ours(): Promise<number>;
  theirs(): Promise<number>;
  /** Default 5. */
  rounds?: number;
}

/**
 * Measures both sides in one run, in turns, each first in every second round. One round to warm up does not count.
 */
export async function compare(comparison: Comparison): Promise<Measurement> {
  const { bench, metric, reference, unit, better, rounds = 5 } = comparison;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const sides = [async () => ours.push(await comparison.ours()), async () => theirs.push(await comparison.theirs())];
    for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
  }
  const [own, other] = [median(ours.slice(1)), median(theirs.slice(1))];
  const ratio = better === 'more' ? own / other : other / own;
  return { bench, metric, ours: round(own), reference, referenceValue: round(other), ratio: round(ratio), unit };
}

/** To four significant digits. */
export function round(value: number): number {
  return Number(value.toPrecision(4));
}
