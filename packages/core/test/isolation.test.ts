import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Isolation } from '../src/delivery/isolation.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const PATIENCE_MS = 1_000;

function isolation() {
  const onOver = vi.fn();
  return { subject: new Isolation(5, PATIENCE_MS, onOver), onOver };
}

test('a suspect waits for the messages in flight, at most for its patience', () => {
  const { subject, onOver } = isolation();
  expect(subject.admits(true, 1, 0)).toBe(false);
  vi.advanceTimersByTime(PATIENCE_MS - 1);
  expect([subject.admits(true, 1, 0), onOver.mock.calls.length]).toEqual([false, 0]);
  vi.advanceTimersByTime(1);
  expect([subject.admits(true, 1, 0), onOver.mock.calls.length]).toEqual([true, 1]);
});

test('patience is restored at the next idle moment: later suspects are isolated again', () => {
  const { subject } = isolation();
  subject.admits(true, 1, 0);
  vi.advanceTimersByTime(PATIENCE_MS);
  expect(subject.admits(false, 1, 0)).toBe(true);
  expect([subject.admits(false, 0, 0), subject.isIdle]).toEqual([true, true]);
  expect(subject.admits(true, 1, 0)).toBe(false);
  subject.clear();
  subject.enter();
  expect([subject.admits(false, 1, 0), subject.admits(false, 0, 0)]).toEqual([false, true]);
});
