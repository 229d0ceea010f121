import { describe, expect, test } from 'vitest';
import { spreadOf } from '../revisions/spread.ts';
import { verdictsOf } from '../revisions/verdicts.ts';

const quantity = (value: number, better: 'more' | 'less' = 'more') => [
  { bench: 'queue', metric: 'publish', unit: better === 'more' ? 'messages/s' : 'ms', better, value },
];

describe('the spread of an A/A pair', () => {
  test('is zero for equal figures', () => {
    expect(spreadOf([5, 5, 5, 5, 5], [5, 5, 5, 5, 5])).toBe(0);
  });

  test('grows with the figures and does not depend on which run came first', () => {
    const narrow = spreadOf([99, 100, 101, 100, 99], [101, 100, 99, 101, 100]);
    const wide = spreadOf([80, 100, 120, 90, 110], [85, 105, 115, 95, 100]);
    expect(narrow).toBeLessThan(0.03);
    expect(wide).toBeGreaterThan(0.1);
    expect(spreadOf([80, 90, 100, 110, 120], [85, 95, 100, 105, 115])).toBeCloseTo(wide, 10);
  });

  test('is fast for many rounds', () => {
    const values = Array.from({ length: 10 }, (_, index) => 100 + index);
    expect(spreadOf(values, values)).toBeLessThan(0.1);
  });
});

describe('a verdict', () => {
  const rounds = (ours: number[], theirs: number[], better?: 'more' | 'less') =>
    ours.map((value, index) => ({
      ours: quantity(value, better),
      again: quantity(value * 1.02, better),
      theirs: quantity(theirs[index] ?? 0, better),
    }));
  const own = [100, 101, 99, 100, 102];

  test.each([
    ['noise', [101, 103, 99, 102, 100], 'more'],
    ['worse', [150, 151, 149, 150, 152], 'more'],
    ['better', [70, 71, 69, 70, 72], 'more'],
    ['worse', [70, 71, 69, 70, 72], 'less'],
  ] as const)('is %s for a commit with %s, where %s is better', (verdict, theirs, better) => {
    const [line] = verdictsOf(rounds(own, [...theirs], better), 'abc');
    expect(line?.verdict).toBe(verdict);
    expect((line?.ratio ?? 0) > 1).toBe(verdict === 'better' || (verdict === 'noise' && (line?.ratio ?? 0) > 1));
  });

  test('omits metrics that only one side measured', () => {
    const rounds = [{ ours: quantity(1), again: quantity(1), theirs: [] }];
    expect(verdictsOf(rounds, 'abc')).toEqual([]);
  });
});
