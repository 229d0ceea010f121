import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DueQueue } from '../src/backend.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function queue() {
  const taken: string[][] = [];
  const subject: DueQueue<string> = new DueQueue(() => taken.push(subject.take(10)));
  return { subject, taken };
}

test('takes items when they are due, the earliest first', () => {
  const { subject, taken } = queue();
  subject.add('later', 200);
  subject.add('first', 100);
  subject.add('second', 100);
  vi.advanceTimersByTime(100);
  expect(taken).toEqual([['first', 'second']]);
  vi.advanceTimersByTime(100);
  expect(taken).toEqual([['first', 'second'], ['later']]);
});

test('never takes an item that was removed, and takes one that was added again at its new time', () => {
  const { subject, taken } = queue();
  subject.add('removed', 100);
  subject.add('moved', 100);
  expect([subject.remove('removed'), subject.remove('removed')]).toEqual([true, false]);
  subject.add('moved', 300);
  vi.advanceTimersByTime(200);
  expect([taken.flat(), subject.hasDue, subject.dueInMs('moved')]).toEqual([[], false, 100]);
  vi.advanceTimersByTime(100);
  expect(taken.flat()).toEqual(['moved']);
});

test.each([0, 1, 2, 3, 4, 5])('takes an item whose timer fires %i readings of the clock early', (early) => {
  const { subject, taken } = queue();
  subject.add('item', 100);
  const clock = performance.now.bind(performance);
  let readings = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock() + (readings++ - early + 0.5) / 1_000);
  vi.advanceTimersByTime(110);
  expect(taken.flat()).toEqual(['item']);
});
