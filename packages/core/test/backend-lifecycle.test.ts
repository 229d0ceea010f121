import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
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
