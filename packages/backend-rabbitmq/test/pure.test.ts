import { expect, test } from 'vitest';
import { Names } from '../src/names.ts';
import { separateKeys } from '../src/overlapping-keys.ts';
import { retryDelayMs } from '../src/retry-delay.ts';

test.each([
  [
    ['a', 'b'],
    [['a'], ['b']],
  ],
  [
    ['slack.*', 'slack.#', 'other'],
    [['slack.*', 'slack.#'], ['other']],
  ],
  [['a.*', '*.b'], [['a.*', '*.b']]],
  [
    ['a.*', 'b.*'],
    [['a.*'], ['b.*']],
  ],
  [['a.*', 'b.*', '#'], [['a.*', 'b.*', '#']]],
  [['a', 'a.#'], [['a', 'a.#']]],
  [
    ['a.b.c', 'a.*'],
    [['a.b.c'], ['a.*']],
  ],
  [
    ['#.x', 'x.#.y'],
    [['#.x'], ['x.#.y']],
  ],
])('separates %j', (keys, sets) => {
  expect(separateKeys(keys)).toEqual(sets);
});

test.each([
  [1, 10],
  [10, 10],
  [11, 12],
  [250, 270],
  [1_000, 1_000],
  [1_001, 1_200],
  [99_000, 100_000],
  [600_000, 600_000],
])('a delay of %i ms waits in the queue of %i ms', (delay, queue) => {
  expect(retryDelayMs(delay)).toBe(queue);
});

test('delays are at most 25 % longer than asked', () => {
  for (let delay = 10; delay < 10_000_000; delay = Math.ceil(delay * 1.013)) {
    expect(retryDelayMs(delay)).toBeGreaterThanOrEqual(delay);
    expect(retryDelayMs(delay)).toBeLessThanOrEqual(1.25 * delay);
  }
});

test('names fit into AMQP and differ', () => {
  const names = new Names({ prefix: 'p'.repeat(100), exchange: 'slack_events' });
  const long = names.group('g'.repeat(200), ['k'.repeat(200)]);
  const other = names.group('g'.repeat(200), ['l'.repeat(200)]);
  expect(long).toHaveLength(255);
  expect(other).toHaveLength(255);
  expect(other).not.toBe(long);
});
