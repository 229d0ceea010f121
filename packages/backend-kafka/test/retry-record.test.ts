import { expect, test } from 'vitest';
import { decodeRetry, dueInMs, encodeRetry, RETRY_HEADER, totalCounts } from '../src/retry-record.ts';

const retry = { failures: 2, losses: 1, dueAt: 1_700_000_000_000, delayMs: 500 };

test('a retry is decoded from its header', () => {
  expect(decodeRetry({ headers: [RETRY_HEADER, encodeRetry(retry)] })).toEqual(retry);
});

test.for(['', 'null', '{}', '[]', '{"failures":-1,"losses":0,"dueAt":0,"delayMs":0}', '{"failures":"1"}'])(
  'a header that another program wrote is ignored: %s',
  (text) => {
    expect(decodeRetry({ headers: [RETRY_HEADER, text] })).toBeUndefined();
  },
);

test('the counts of a message continue those from before it was stored', () => {
  expect(totalCounts({ counts: { failures: 1, losses: 3 }, retry })).toEqual({ failures: 3, losses: 4 });
});

test('a message waits at most its delay, even if the clock of the member that stored it is ahead', () => {
  expect(dueInMs({ retry: { ...retry, dueAt: Date.now() + 3_600_000 } })).toBe(500);
  expect(dueInMs({ retry })).toBeLessThan(0);
  expect(dueInMs({})).toBe(0);
});
