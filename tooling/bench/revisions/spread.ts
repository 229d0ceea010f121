import { median } from '../median.ts';

/** Maximum number of splits. Pairs of up to seven rounds use all splits. */
const MAX_SPLITS = 4_000;

/**
 * By how much two medians of the same commit differ by chance, as a share: 0.04 means 4 %.
 *
 * `first` and `second` are the rounds of an A/A pair. They are combined and split into two halves in every possible
 * way. 95 % of the pairs of halves have medians that differ by at most the result.
 */
export function spreadOf(first: readonly number[], second: readonly number[]): number {
  const pool = [...first, ...second];
  const distances = splits(pool.length, first.length).map((chosen) => {
    const [left, right]: [number[], number[]] = [[], []];
    for (const [index, value] of pool.entries()) (chosen.has(index) ? left : right).push(value);
    return Math.abs(Math.log(median(left) / median(right)));
  });
  distances.sort((a, b) => a - b);
  return Math.expm1(distances[Math.ceil(distances.length * 0.95) - 1] ?? Number.NaN);
}

/** The ways to choose `count` of `total` indexes, or an evenly spaced selection if there are too many. */
function splits(total: number, count: number): Set<number>[] {
  const all: number[][] = [];
  const choose = (from: number, chosen: number[]): void => {
    if (chosen.length === count) all.push(chosen);
    else
      for (let index = from; index <= total - (count - chosen.length); index += 1)
        choose(index + 1, [...chosen, index]);
  };
  choose(0, []);
  const step = Math.max(1, all.length / MAX_SPLITS);
  return Array.from({ length: Math.floor(all.length / step) }, (_, index) => new Set(all[Math.floor(index * step)]));
}
