import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MethodLimits } from '../src/method-limits.ts';
import { SlackRateLimitedError } from '../src/slack-error.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const method = 'users.list';

/** Returns the seconds for which the method is limited; 0 if it may be called. */
async function secondsLeft(limits: MethodLimits, key = method): Promise<number> {
  try {
    (await limits.enter(key, { method, maxWaitMs: 0 })).leave();
    return 0;
  } catch (error) {
    if (error instanceof SlackRateLimitedError) return error.retryAfterSeconds;
    throw error;
  }
}

test('a shorter limit does not shorten a longer one, in either order', async () => {
  const limits = new MethodLimits();
  limits.limited(method, 60);
  limits.limited(method, 5);
  expect(await secondsLeft(limits)).toBe(60);
  limits.limited('users.info', 5);
  limits.limited('users.info', 60);
  expect(await secondsLeft(limits, 'users.info')).toBe(60);
});

test('a limit that Slack reports later counts from that moment', async () => {
  const limits = new MethodLimits();
  limits.limited(method, 10);
  vi.advanceTimersByTime(8_000);
  limits.limited(method, 10);
  vi.advanceTimersByTime(8_000);
  expect(await secondsLeft(limits)).toBe(2);
  vi.advanceTimersByTime(2_000);
  expect(await secondsLeft(limits)).toBe(0);
});

test('a limit that the trial call hits again stays in effect', async () => {
  const limits = new MethodLimits();
  limits.limited(method, 1);
  vi.advanceTimersByTime(1_000);
  const trial = await limits.enter(method, { method, maxWaitMs: 0 });
  limits.limited(method, 30);
  trial.leave();
  expect(await secondsLeft(limits)).toBe(30);
});

test('during the trial call, calls that cannot wait are rejected; after its success they are allowed', async () => {
  const limits = new MethodLimits();
  limits.limited(method, 1);
  vi.advanceTimersByTime(1_000);
  const trial = await limits.enter(method, { method, maxWaitMs: 0 });
  expect(await secondsLeft(limits)).toBe(1);
  trial.leave();
  expect(await secondsLeft(limits)).toBe(0);
});

test('a limit survives thousands of shorter ones: only expired limits are removed', async () => {
  const limits = new MethodLimits();
  limits.limited(method, 600);
  for (let index = 0; index < 5_000; index += 1) {
    limits.limited(`chat.postMessage C${index}`, 1);
    vi.advanceTimersByTime(10);
  }
  expect(await secondsLeft(limits)).toBe(550);
  expect(await secondsLeft(limits, 'chat.postMessage C4999')).toBe(1);
  expect(await secondsLeft(limits, 'chat.postMessage C1')).toBe(0);
});

test('a limit met by the trial ends like any other', async () => {
  const limits = new MethodLimits();
  limits.limited(method, 1);
  vi.advanceTimersByTime(1_000);
  const trial = await limits.enter(method, { method, maxWaitMs: 0 });
  limits.limited(method, 30);
  trial.leave();
  vi.advanceTimersByTime(30_000);
  expect(await secondsLeft(limits)).toBe(0);
});

test('a caller does not begin to wait for a limit that outlasts its patience', async () => {
  const limits = new MethodLimits();
  limits.limited(method, 60);
  const entered = limits.enter(method, { method, maxWaitMs: 3_000 });
  const waits = new Promise((resolve) => setImmediate(resolve, 'waits'));
  await expect(Promise.race([entered, waits])).rejects.toMatchObject({ retryAfterSeconds: 60 });
});
