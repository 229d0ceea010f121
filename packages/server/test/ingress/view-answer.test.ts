import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { viewAnswerOf } from '../../src/ingress/view-answer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('leaves the answer open if the responder takes longer than a second', async () => {
  const answer = viewAnswerOf(new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await answer).toBeUndefined();
});

test('waits up to a second for the responder', async () => {
  const responding = Promise.withResolvers<{ response_action: string }>();
  const answer = viewAnswerOf(responding.promise);
  await vi.advanceTimersByTimeAsync(999);
  responding.resolve({ response_action: 'errors' });
  expect(await answer).toBe('refused');
});
