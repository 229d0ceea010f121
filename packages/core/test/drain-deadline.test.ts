import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DrainDeadline } from '../src/delivery/drain-deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function deadline() {
  const events: string[] = [];
  const subject = new DrainDeadline(
    () => events.push('expired'),
    () => events.push('over'),
  );
  return { subject, events };
}

test('expires at the end of the drain time, and a second later it is over', () => {
  const { subject, events } = deadline();
  subject.set(5_000);
  vi.advanceTimersByTime(4_999);
  expect(events).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(events).toEqual(['expired']);
  vi.advanceTimersByTime(1_000);
  expect(events).toEqual(['expired', 'over']);
});

test.each([2 ** 31, Number.POSITIVE_INFINITY])(
  'never expires with a drain time above what timers can wait: %d',
  (timeoutMs) => {
    const { subject, events } = deadline();
    subject.set(timeoutMs);
    vi.advanceTimersByTime(24 * 60 * 60_000);
    expect(events).toEqual([]);
  },
);
