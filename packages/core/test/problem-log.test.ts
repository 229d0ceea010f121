import { expect, test, vi } from 'vitest';
import { ProblemLog } from '../src/backend.ts';
import { silentLogger } from '../src/index.ts';

test('logs each different problem once until the operation succeeds', () => {
  const warn = vi.fn();
  const problems = new ProblemLog({ ...silentLogger, warn }, 'queue_read_failed');
  const [refused, closed] = [new Error('refused'), new Error('closed')];
  for (const error of [refused, closed, refused, closed]) problems.report(error);
  problems.clear();
  problems.report(refused);
  expect(warn.mock.calls).toEqual([refused, closed, refused].map((err) => [{ err }, 'queue_read_failed']));
});

test('logs a limited number of problems, even if each has another text', () => {
  const warn = vi.fn();
  const problems = new ProblemLog({ ...silentLogger, warn }, 'queue_read_failed');
  for (let n = 0; n < 1_000; n += 1) problems.report(new Error(`connection ${n} was closed`));
  expect(warn.mock.calls.length).toBeLessThan(50);
});
