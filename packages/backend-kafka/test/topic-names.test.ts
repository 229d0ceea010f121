import { expect, test } from 'vitest';
import { isAgain, TopicNames } from '../src/topic-names.ts';

test.each([1, 200, 240, 249, 250, 400])('the names of a key of %i characters are valid and differ', (length) => {
  const key = 'k'.repeat(length);
  const names = new TopicNames('', key);
  const other = new TopicNames('', `${key}x`);
  const all = [names, other].flatMap((each) => [each.topic, each.again('bot'), each.dead('bot'), each.again('bot2')]);
  expect(new Set(all)).toHaveLength(8);
  for (const name of all) expect(name.length).toBeLessThanOrEqual(249);
  expect(all.map(isAgain)).toEqual([false, true, false, true, false, true, false, true]);
});
