import { expect, test } from 'vitest';
import { hand, judge } from '../src/judge.ts';

test.for(hand(3, 4))('$name: $caughtBy', async (broken) => {
  const { found, unrelated } = await judge(broken);
  expect(found.status, 'the suite missed it').toBe('failed');
  expect(unrelated).toEqual([]);
});
