import { median } from './median.ts';

/** One line of a benchmark. */
export interface Measurement {
  bench: string;
  metric: string;
  /** The median of the rounds, in `unit`. */
  ours: number;
  /** What the result is compared with. */
  reference: string;
  referenceValue: number;
  /** Above 1 means ours is better. */
  ratio: number;
  /** The lowest and the highest ratio of a round. */
  ratios?: readonly [lowest: number, highest: number];
  unit: string;
}

/** Two ways to do the same thing. */
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
 * Measures both sides alternately in one run. Each side comes first in every second round. The first round warms up and
 * does not count.
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
  const ratioOf = (value: number, beside: number): number => (better === 'more' ? value / beside : beside / value);
  const each = ours.slice(1).map((value, index) => ratioOf(value, theirs[index + 1] as number));
  const ratios = [round(Math.min(...each)), round(Math.max(...each))] as const;
  const figures = { ours: round(own), reference, referenceValue: round(other), ratio: round(ratioOf(own, other)) };
  return { bench, metric, ...figures, ratios, unit };
}

/** Rounds to four significant digits. */
export function round(value: number): number {
  return Number(value.toPrecision(4));
}
