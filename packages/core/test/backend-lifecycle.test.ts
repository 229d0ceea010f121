import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BackendLifecycle, type Publisher } from '../src/backend.ts';

interface Scripted {
  readonly lifecycle: BackendLifecycle<object>;
  readonly log: string[];
  readonly publisher: Publisher;
  readonly flushed: PromiseWithResolvers<void>;
}

function create(): Scripted {
  const log: string[] = [];
  const flushed = Promise.withResolvers<void>();
  const lifecycle = new BackendLifecycle<object>({
    broker: 'Test',
    connect: () => {
      log.push('connect');
      return {};
    },
    disconnect: () => void log.push('disconnect'),
  });
  const publisher: Publisher = {
    publish: async () => {},
    send: async () => {},
    close: (timeoutMs) => {
      log.push(`flush within ${timeoutMs} ms`);
      return flushed.promise;
    },
  };
  return { lifecycle, log, publisher, flushed };
}

test('connects once, on first use', () => {
  const { lifecycle, log } = create();
  expect(log).toEqual([]);
  expect(lifecycle.use()).toBe(lifecycle.connection());
  expect(log).toEqual(['connect']);
});

test('close() refuses new calls at once and flushes before it disconnects', async () => {
  const { lifecycle, log, publisher, flushed } = create();
  const connection = lifecycle.use();
  const closing = lifecycle.close(publisher, { drainTimeoutMs: 5_000 });
  expect(lifecycle.isClosed).toBe(true);
  expect(() => lifecycle.use()).toThrow(expect.objectContaining({ code: 'ERR_QUEUE_CLOSED' }));
  expect(lifecycle.connection()).toBe(connection);
  await nextTurn();
  expect(log).toEqual(['connect', 'flush within 5000 ms']);
  flushed.resolve();
  await Promise.all([closing, lifecycle.close(publisher)]);
  expect(log).toEqual(['connect', 'flush within 5000 ms', 'disconnect']);
  expect(() => lifecycle.connection()).toThrow(expect.objectContaining({ code: 'ERR_QUEUE_CLOSED' }));
});

test('close() opens no connection if the backend was never used', async () => {
  const { lifecycle, log, publisher, flushed } = create();
  flushed.resolve();
  await lifecycle.close(publisher, { drainTimeoutMs: 0 });
  expect(log).toEqual(['flush within 2000 ms']);
});

test.each([2 ** 31, Number.POSITIVE_INFINITY])(
  'close() is not cut short by a drain time that no timer can wait: %d',
  async (drainTimeoutMs) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { lifecycle, log, publisher, flushed } = create();
    lifecycle.use();
    const closing = lifecycle.close(publisher, { drainTimeoutMs });
    await vi.advanceTimersByTimeAsync(24 * 60 * 60_000);
    expect(log.map((line) => line.split(' ')[0])).toEqual(['connect', 'flush']);
    flushed.resolve();
    await closing;
    expect(log.at(-1)).toBe('disconnect');
  },
);
