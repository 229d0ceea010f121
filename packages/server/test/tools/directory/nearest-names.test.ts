import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../../src/tools/directory/nearest-names.ts';

const names = ['general', 'random', 'support', 'support-eu', 'generated-reports', 'ops'];

describe('nearestNames', () => {
  it.each([
    ['genral', ['general']],
    ['support', ['support', 'support-eu']],
    ['generals', ['general']],
    ['opps', ['ops']],
    ['zzzzzz', []],
    ['', []],
  ])('finds the likely names for %j', (wanted, expected) => {
    expect(nearestNames(wanted, names)).toEqual(expected);
  });

  it('returns at most the requested number, nearest first', () => {
    expect(nearestNames('ab', ['abcdef', 'abc', 'abcd', 'ax'], 2)).toEqual(['abc', 'abcd']);
  });

  it('finds exactly the names that differ by few characters', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(word, word, (wanted, name) => {
        const furthest = Math.min(3, Math.max(1, Math.floor(wanted.length / 3)));
        const near = (wanted.length > 1 && name.includes(wanted)) || editDistance(wanted, name) <= furthest;
        expect(nearestNames(wanted, [name])).toEqual(near ? [name] : []);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The textbook definition. */
function editDistance(from: string, to: string): number {
  const rows = Array.from({ length: from.length + 1 }, (_, row) => [row]);
  for (let column = 1; column <= to.length; column += 1) rows[0]?.push(column);
  for (let row = 1; row <= from.length; row += 1) {
    for (let column = 1; column <= to.length; column += 1) {
      const at = (r: number, c: number) => rows[r]?.[c] ?? Number.NaN;
      const replaced = at(row - 1, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      rows[row]?.push(Math.min(replaced, at(row - 1, column) + 1, at(row, column - 1) + 1));
    }
  }
  return rows[from.length]?.[to.length] ?? Number.NaN;
}
