import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeOf } from '../../../src/tools/messages/time-text.ts';

describe('a time as text', () => {
  it('is the time in UTC with seconds, whatever time was written before', () => {
    const seconds = fc
      .double({ min: 0, max: 99_999_999_999, noNaN: true })
      .map((value) => Math.floor(value * 1e3) / 1e3);
    fc.assert(
      fc.property(seconds, (value) => {
        expect(timeOf(value)).toBe(`${new Date(Math.floor(value) * 1_000).toISOString().slice(0, 19)}Z`);
      }),
    );
  });

  it.each([
    [1_700_000_000.000_1, '2023-11-14T22:13:20Z'],
    [1_700_006_399.999_999, '2023-11-14T23:59:59Z'],
    [1_700_006_400, '2023-11-15T00:00:00Z'],
    [-1, '1969-12-31T23:59:59Z'],
  ])('of %d seconds is %s', (seconds, text) => {
    expect(timeOf(seconds)).toBe(text);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e15])('is empty for %d, which is not a valid time', (seconds) => {
    expect(timeOf(seconds)).toBe('');
    expect(timeOf(0)).toBe('1970-01-01T00:00:00Z');
  });
});
