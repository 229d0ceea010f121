import type { QueuedMessage, TaskMessageQueue } from '@modelcontextprotocol/sdk/experimental/tasks';
import { request, testTaskQueue } from '@slack-mcp/test-support/task-queue';
import { afterEach, describe, expect, test, vi } from 'vitest';
import plugin from '../../src/index.ts';
import { MemoryTaskMessageQueue } from '../../src/task-queue/index.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('is accepted by the SDK, and the manifest names its subpath', () => {
  const queue = MemoryTaskMessageQueue.fromEnv() satisfies TaskMessageQueue;
  expect(queue).toBeInstanceOf(MemoryTaskMessageQueue);
  expect(plugin.taskQueue).toBe('./task-queue');
});

describe('the contract of task queues', () => {
  testTaskQueue(() => {
    const queue = new MemoryTaskMessageQueue();
    return [queue, queue];
  });
});

test('copies messages and rejects those that are not JSON', async () => {
  const queue = new MemoryTaskMessageQueue();
  const message = request<QueuedMessage>(1);
  await queue.enqueue('task', message);
  message.message = { jsonrpc: '2.0', method: 'changed' };
  expect(await queue.dequeue('task')).toEqual(request(1));
  const wrong = { ...request<QueuedMessage>(2), timestamp: 1n } as unknown as QueuedMessage;
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
