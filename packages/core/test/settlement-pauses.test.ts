import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nextMessage, ScriptedSource, subscribe } from './scripted-source.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('pauses between attempts grow while the broker refuses, and start small again after it confirmed', async () => {
  const source = new ScriptedSource();
  let isRefused = true;
  source.onSettle = () => (isRefused ? Promise.reject(new Error('read only')) : Promise.resolve());
  const subscription = subscribe(source, { ack: 'manual' }, { retryDelayMs: 100 });
  const attempts = async (ms: number): Promise<number> => {
    const before = source.calls.length;
    await vi.advanceTimersByTimeAsync(ms);
    return source.calls.length - before;
  };
  source.deliver([1, 2]);
  const [one, two] = [await nextMessage(subscription), await nextMessage(subscription)];
  void one.nack();
  expect([await attempts(0), await attempts(100), await attempts(100), await attempts(100)]).toEqual([0, 1, 0, 1]);
  await attempts(10_000);
  isRefused = false;
  await attempts(2_000);
  expect(subscription.unsettled).toBe(0);
  isRefused = true;
  void two.nack();
  expect([await attempts(0), await attempts(100)]).toEqual([0, 1]);
  isRefused = false;
  await attempts(2_000);
  const closed = subscription.close({ drainTimeoutMs: 0 });
  await attempts(2_000);
  await closed;
});
