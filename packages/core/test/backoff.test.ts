import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffDelay } from '../src/index.ts';

test('doubles the delay up to its maximum without jitter', () => {
  const delays = [0, 1, 2, 3, 8, 1e9].map((attempt) => backoffDelay(attempt, { jitter: 'none' }));
  expect(delays).toEqual([200, 400, 800, 1600, 30_000, 30_000]);
});

test('respects its options', () => {
  const options = { initialDelayMs: 10, factor: 3, maxDelayMs: 50, jitter: 'none' } as const;
  expect([0, 1, 2].map((attempt) => backoffDelay(attempt, options))).toEqual([10, 30, 50]);
  expect(backoffDelay(3, { random: () => 0.5 })).toBe(800);
  expect(backoffDelay(5000, { initialDelayMs: 0, jitter: 'none' })).toBe(0);
});

test('property: the delay is an integer within the maximum', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(60_000), fc.nat(120_000), (attempt, initialDelayMs, maxDelayMs) => {
      const delay = backoffDelay(attempt, { initialDelayMs, maxDelayMs });
      expect(Number.isInteger(delay)).toBe(true);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(initialDelayMs === 0 ? 0 : Math.min(maxDelayMs, initialDelayMs * 2 ** attempt));
    }),
  );
});
