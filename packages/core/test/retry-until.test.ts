import { expect, test } from 'vitest';
import { pause, retryUntil } from '../src/backend.ts';
import { ConnectionError, PublishError } from '../src/index.ts';
import { retryDelay } from '../src/retry/retry-until.ts';

const away = new ConnectionError('the broker is away');

test('retries an operation until it succeeds and passes the attempt number', async () => {
  const attempts: number[] = [];
  const result = await retryUntil(
    async (attempt) => {
      attempts.push(attempt);
      if (attempt < 3) throw away;
      return 'done';
    },
    { initialDelayMs: 0 },
  );
  expect(result).toBe('done');
  expect(attempts).toEqual([0, 1, 2, 3]);
});

test('throws an error that is not retryable at once', async () => {
  let attempts = 0;
  const failing = async (): Promise<never> => {
    attempts += 1;
    throw new PublishError('refused');
  };
  await expect(retryUntil(failing)).rejects.toThrow('refused');
  await expect(retryUntil(failing, { isRetryable: () => true, maxRetries: 2, initialDelayMs: 0 })).rejects.toThrow();
  expect(attempts).toBe(1 + 3);
});

test('starts no retry after the timeout and throws the last error', async () => {
  let attempts = 0;
  const failing = async (): Promise<never> => {
    attempts += 1;
    throw away;
  };
  await expect(retryUntil(failing, { timeoutMs: 50, initialDelayMs: 3_600_000 })).rejects.toBe(away);
  expect(attempts).toBe(1);
});

test('a signal ends the wait with the last error; onRetry receives each retried error', async () => {
  const controller = new AbortController();
  const reported: number[] = [];
  const retrying = retryUntil(() => Promise.reject(away), {
    initialDelayMs: 0,
    signal: controller.signal,
    onRetry(error, attempt) {
      expect(error).toBe(away);
      reported.push(attempt);
      if (attempt === 2) controller.abort();
    },
  });
  await expect(retrying).rejects.toBe(away);
  expect(reported).toEqual([0, 1, 2]);
});

test('doubles the pauses up to their maximum', () => {
  const delays = [0, 1, 2, 10].map((attempt) => retryDelay(attempt, { initialDelayMs: 10, maxDelayMs: 1_000 }));
  expect(delays).toEqual([10, 20, 40, 1_000]);
});

test('pause() reports whether it lasted to its end', async () => {
  expect(await pause(0)).toBe(true);
  expect(await pause(3_600_000, AbortSignal.abort())).toBe(false);
  const controller = new AbortController();
  const pausing = pause(3_600_000, controller.signal);
  controller.abort();
  expect(await pausing).toBe(false);
});
