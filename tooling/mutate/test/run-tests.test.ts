import { expect, test } from 'vitest';
import { readFailure } from '../src/run-tests.ts';

const report = (status: string, ...failureMessages: string[]): string =>
  JSON.stringify({
    testResults: [
      { name: 'a.test.ts', status: 'failed', assertionResults: [{ fullName: 'stays', status, failureMessages }] },
    ],
  });

test('names the test that failed', () => {
  expect(readFailure(report('failed', 'AssertionError: expected 1 to be 2'))).toEqual({
    kind: 'failed',
    test: 'stays',
    files: ['a.test.ts'],
  });
});

test('tells a test that ran out of time apart', () => {
  expect(readFailure(report('failed', 'TestTimeoutError: Test timed out in 20000ms.'))).toMatchObject({
    kind: 'hung',
    test: 'stays',
  });
});

test('counts a run without a failed test as a failure', () => {
  expect(readFailure(undefined)).toMatchObject({ kind: 'failed', test: 'an error outside the tests' });
  expect(readFailure(report('passed'))).toMatchObject({
    kind: 'failed',
    test: expect.stringContaining('the file fails'),
  });
});
