import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapeProblem } from '../../src/http/json-shape.ts';

const LIMITS = { batch: 3, values: 50, depth: 5 };
const problem = (text: string) => shapeProblem(Buffer.from(text), LIMITS);

describe('the structure of a JSON text', () => {
  it.each([
    ['[{},{},{}]', undefined],
    ['[{},{},{},{}]', 'batch'],
    [' \n[1,2,3,4]', 'batch'],
    ['[[1,2,3,4,5],{"a":1,"b":2,"c":3,"d":4}]', undefined],
    ['{"a":[1,2,3,4,5,6]}', undefined],
    [`{"a":[${'1,'.repeat(60)}1]}`, 'values'],
    ['[[[[[1]]]]]', undefined],
    ['[[[[[[1]]]]]]', 'depth'],
    ['{"a":"[[[[[[[[[[,,,,,,,,{{{{{{{{{{"}', undefined],
    ['["\\"","\\\\","a\\"[[[[[[[["]', undefined],
    ['["a\\"[[[[[[[["]', undefined],
    ['["\\\\",[],[],[]]', 'batch'],
    ['', undefined],
    ['"never ended', undefined],
  ] as const)('%s: %s', (text, expected) => {
    expect(problem(text)).toBe(expected);
  });

  it('matches JSON.parse', () => {
    const count = (value: unknown): number =>
      typeof value !== 'object' || value === null
        ? 0
        : 1 +
          Math.max(0, Object.keys(value).length - 1) +
          Object.values(value).reduce((sum, one) => sum + count(one), 0);
    const depthOf = (value: unknown): number =>
      typeof value !== 'object' || value === null ? 0 : 1 + Math.max(0, ...Object.values(value).map(depthOf));
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8, noUnicodeString: false }), (value) => {
        const text = Buffer.from(JSON.stringify(value));
        const exact = { batch: 1_000, values: count(value), depth: depthOf(value) };
        expect(shapeProblem(text, exact)).toBeUndefined();
        if (exact.values > 0) expect(shapeProblem(text, { ...exact, values: exact.values - 1 })).toBeDefined();
        if (exact.depth > 0) expect(shapeProblem(text, { ...exact, depth: exact.depth - 1 })).toBeDefined();
        if (Array.isArray(value) && value.length > 1) {
          expect(shapeProblem(text, { ...exact, batch: value.length - 1 })).toBeDefined();
        }
      }),
      { seed: 3 },
    );
  });
});
