import { expect, test } from 'vitest';
import { createTimestamp } from '../../src/logging/timestamp.ts';

test('formats its own millisecond, also after the clock was set back', () => {
  const times = [1_000, 1_000, 1_001, 999];
  const timestamp = createTimestamp(() => times.shift() as number);
  expect([timestamp(), timestamp(), timestamp(), timestamp()]).toEqual([
    ',"time":"1970-01-01T00:00:01.000Z"',
    ',"time":"1970-01-01T00:00:01.000Z"',
    ',"time":"1970-01-01T00:00:01.001Z"',
    ',"time":"1970-01-01T00:00:00.999Z"',
  ]);
});
