import { expect, test, vi } from 'vitest';
import { Chain, Link } from '../../src/http/chain.ts';
import { Deadlines } from '../../src/ingress/deadlines.ts';

test('keeps a chain in order, and releases removed entries', () => {
  const chain = new Chain<Link>();
  const [a, b, c] = [new Link(), new Link(), new Link()] as const;
  chain.add(a);
  chain.add(c);
  chain.add(b, c);
  chain.add(a);
  expect([chain.first === a, chain.last === c, chain.before(c) === b, chain.before(a)]).toEqual([
    true,
    true,
    true,
    undefined,
  ]);
  expect([chain.delete(b), chain.delete(b), chain.before(c) === a]).toEqual([true, false, true]);
  expect([b.before, b.after]).toEqual([undefined, undefined]);
  expect([chain.delete(a), chain.delete(c), chain.first, chain.last]).toEqual([true, true, undefined, undefined]);
});

test('calls entries in order of due time, regardless of insertion order, and skips finished ones', async () => {
  const deadlines = new Deadlines();
  const called: string[] = [];
  const now = performance.now();
  const add = (name: string, afterMs: number) => deadlines.add(now + afterMs, () => called.push(name));
  const done = add('done', 1);
  add('later', 40);
  add('last', 60);
  add('first', 20);
  expect([deadlines.delete(done), deadlines.delete(done)]).toEqual([true, false]);
  await vi.waitFor(() => expect(called).toEqual(['first', 'later', 'last']), 20_000);
  expect(performance.now() - now).toBeGreaterThanOrEqual(60);
});

test('calls an entry in time although the entries before it are due much later', async () => {
  const deadlines = new Deadlines();
  const called: string[] = [];
  const now = performance.now();
  const later = deadlines.add(now + 3_600_000, () => called.push('later'));
  deadlines.add(now + 10, () => called.push('soon'));
  await vi.waitFor(() => expect(called).toEqual(['soon']), 20_000);
  expect(deadlines.delete(later)).toBe(true);
});
