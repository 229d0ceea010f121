import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Quota } from '../../src/access/quota.ts';
import { Rate } from '../../src/access/rate.ts';
import { RequestLease } from '../../src/access/request-lease.ts';

/** A step of one caller among several. */
const step = fc.record({
  caller: fc.constantFrom('a', 'b', 'c', undefined),
  amount: fc.integer({ min: 1, max: 20 }),
  gives: fc.boolean(),
});

describe('a quota', () => {
  it('is never exceeded, leaves as much for each caller as for the others, and is returned exactly as taken', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.array(step, { maxLength: 60 }), (total, steps) => {
        const quota = new Quota(total);
        const held: { caller: string | undefined; amount: number; giveBack: () => void }[] = [];
        for (const { caller, amount, gives } of steps) {
          if (gives) {
            const last = held.pop();
            last?.giveBack();
            last?.giveBack();
            continue;
          }
          const before = quota.used;
          const giveBack = quota.take(caller, amount);
          if (giveBack === undefined) {
            expect(quota.used).toBe(before);
            continue;
          }
          held.push({ caller, amount, giveBack });
          expect(quota.used).toBeLessThanOrEqual(total);
          if (caller !== undefined) expect(quota.heldBy(caller)).toBeLessThanOrEqual(total - quota.used + 1);
        }
        expect(quota.used).toBe(held.reduce((sum, { amount }) => sum + amount, 0));
        for (const { giveBack } of held) giveBack();
        expect([quota.used, ...['a', 'b', 'c'].map((caller) => quota.heldBy(caller))]).toEqual([0, 0, 0, 0]);
      }),
      { seed: 6 },
    );
  });

  it('leaves room for a new caller, however much the others request', () => {
    const quota = new Quota(1_000);
    for (const caller of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      expect(quota.take(caller)).toBeDefined();
      while (quota.take(caller) !== undefined);
    }
    expect(quota.heldBy('a')).toBe(500);
    expect(quota.take('late')).toBeDefined();
  });

  it('is shared by all when callers are not identified', () => {
    const quota = new Quota(3);
    expect([1, 2, 3, 4].map(() => quota.take(undefined) !== undefined)).toEqual([true, true, true, false]);
  });

  it('can be held by a lease that grows until it is released, and not afterwards', () => {
    const quota = new Quota(10);
    const holding = quota.hold('a');
    expect([holding.grow(3), holding.grow(2), holding.grow(3)]).toEqual([true, true, false]);
    holding.release();
    holding.release();
    expect([quota.used, holding.grow(1)]).toEqual([0, false]);
  });
});

describe('a rate', () => {
  it('allows a burst, then a fixed number per second, for each caller separately', () => {
    let now = 0;
    const rate = new Rate({ burst: 10, perSecond: 2 }, () => now);
    expect(rate.take('a', 10)).toBe(0);
    expect(rate.take('a', 1)).toBe(1);
    expect(rate.take('b', 4)).toBe(0);
    now = 500;
    expect(rate.take('a', 1)).toBe(0);
    expect(rate.take('a', 7)).toBe(4);
    now = 60_000;
    // More than a burst is never allowed at once: the delay is the time until a full burst is available.
    expect([rate.take('a', 11), rate.take('a', 10), rate.take('a', 1)]).toEqual([1, 0, 1]);
  });

  it('forgets no caller who still has to wait, however many there are', () => {
    const rate = new Rate({ burst: 1, perSecond: 1 / 60 }, () => 0);
    for (let index = 0; index < 5_000; index += 1) expect(rate.take(`caller-${index}`, 1)).toBe(0);
    expect(rate.take('caller-0', 1)).toBe(60);
    expect(rate.take('caller-4999', 1)).toBe(60);
  });

  it('forgets callers who have nothing to wait for', () => {
    let now = 0;
    const rate = new Rate({ burst: 1, perSecond: 1 }, () => now);
    for (let index = 0; index < 5_000; index += 1) {
      now += 10;
      expect(rate.take(`caller-${index}`, 1)).toBe(0);
    }
    expect(rate.size).toBeLessThan(1_200);
    expect(rate.take('caller-4999', 1)).toBe(1);
  });
});

describe('a request lease', () => {
  it('releases its holdings when the request is answered and no work for it continues', () => {
    const given: string[] = [];
    const lease = new RequestLease();
    lease.add(() => given.push('body'));
    const [first, second] = [lease.hold(), lease.hold()];
    lease.end();
    first();
    first();
    expect(given).toEqual([]);
    second();
    expect(given).toEqual(['body']);
    lease.add(() => given.push('late'));
    expect(given).toEqual(['body', 'late']);
  });
});
