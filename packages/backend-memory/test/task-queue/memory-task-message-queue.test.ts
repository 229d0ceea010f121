import type { QueuedMessage, TaskMessageQueue } from '@modelcontextprotocol/sdk/experimental/tasks';
import { afterEach, expect, test, vi } from 'vitest';
import plugin from '../../src/index.ts';
import { MemoryTaskMessageQueue } from '../../src/task-queue/index.ts';

const timestamp = Date.parse('2026-01-02T03:04:05.678Z');

function request(id: number): QueuedMessage {
  return { type: 'request', message: { jsonrpc: '2.0', id, method: 'elicitation/create', params: {} }, timestamp };
}

const idsOf = (messages: readonly (QueuedMessage | undefined)[]): unknown[] =>
  messages.map((message) => message && 'id' in message.message && message.message.id);

afterEach(() => {
  vi.useRealTimers();
});

test('is accepted by the SDK, and the manifest names its subpath', () => {
  const queue = MemoryTaskMessageQueue.fromEnv() satisfies TaskMessageQueue;
  expect(queue).toBeInstanceOf(MemoryTaskMessageQueue);
  expect(plugin.taskQueue).toBe('./task-queue');
});

test('delivers the messages of a task in order, regardless of the session', async () => {
  const queue = new MemoryTaskMessageQueue();
  for (const id of [1, 2, 3]) await queue.enqueue('one', request(id), `session-${id}`);
  await queue.enqueue('two', request(9));
  expect(await queue.peek('one')).toEqual(request(1));
  expect(await queue.size('one')).toBe(3);
  expect(idsOf([await queue.dequeue('one', 'other'), await queue.dequeue('one')])).toEqual([1, 2]);
  expect(idsOf(await queue.dequeueAll('one'))).toEqual([3]);
  expect(await queue.isEmpty('one')).toBe(true);
  expect(await queue.dequeue('one')).toBeUndefined();
  expect(await queue.peek('one')).toBeUndefined();
  expect(idsOf(await queue.clear('two'))).toEqual([9]);
});

test('rejects messages when the queue is full', async () => {
  const queue = new MemoryTaskMessageQueue();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 100 }, (_, id) => queue.enqueue('task', request(id), undefined, 10)),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  expect(outcomes.at(-1)).toMatchObject({ reason: { code: 'ERR_QUEUE_FULL' } });
  expect(await queue.size('task')).toBe(10);
});

test('copies messages and rejects those that are not JSON', async () => {
  const queue = new MemoryTaskMessageQueue();
  const message = request(1);
  await queue.enqueue('task', message);
  message.message = { jsonrpc: '2.0', method: 'changed' };
  expect(await queue.dequeue('task')).toEqual(request(1));
  const wrong = { ...request(2), timestamp: 1n } as unknown as QueuedMessage;
  await expect(queue.enqueue('task', wrong)).rejects.toMatchObject({ code: 'ERR_QUEUE_SERIALIZATION' });
});

test('waitForMessage() resolves with the next message, at once if there is one', async () => {
  const queue = new MemoryTaskMessageQueue();
  const waiting = [queue.waitForMessage('task'), queue.waitForMessage('task', { timeoutMs: Number.MAX_VALUE })];
  await queue.enqueue('other', request(1));
  await queue.enqueue('task', request(2));
  expect(await Promise.all(waiting)).toEqual([true, true]);
  expect(await queue.waitForMessage('task')).toBe(true);
  expect(await queue.size('task')).toBe(1);
});

test('waitForMessage() ends after its timeout, on its signal and when the queue closes', async () => {
  const queue = new MemoryTaskMessageQueue();
  expect(await queue.waitForMessage('task', { timeoutMs: 5 })).toBe(false);
  const controller = new AbortController();
  const aborted = queue.waitForMessage('task', { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  await expect(queue.waitForMessage('task', { signal: controller.signal })).rejects.toThrow('enough');
  const closed = queue.waitForMessage('task');
  await queue.close();
  await expect(closed).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
  await expect(queue.enqueue('task', request(1))).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
});

test('an abandoned queue expires ttlMs after its last message', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const queue = new MemoryTaskMessageQueue({ ttlMs: 1_000 });
  await queue.enqueue('old', request(1));
  await queue.enqueue('used', request(2));
  vi.advanceTimersByTime(900);
  await queue.enqueue('used', request(3));
  vi.advanceTimersByTime(900);
  expect(await queue.size('old')).toBe(0);
  expect(await queue.size('used')).toBe(2);
  expect(() => new MemoryTaskMessageQueue({ ttlMs: 0 })).toThrow(/^ttlMs .*for example/);
});
