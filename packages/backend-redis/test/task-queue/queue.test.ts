import type { TaskMessageQueue } from '@modelcontextprotocol/sdk/experimental/tasks';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { silentLogger } from '@slack-mcp/core';
import { idsOf, request, testTaskQueue } from '@slack-mcp/test-support/task-queue';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { RedisTaskMessageQueue } from '../../src/task-queue/index.ts';
import { freshPrefix, openQueue } from './fresh-tasks.ts';
import { runTaskProcess } from './run-task-process.ts';

describeWithBroker('redis', ({ url, env }) => {
  const redis = new Redis(url, { lazyConnect: true });
  afterAll(() => redis.disconnect());

  describe('the contract of task queues', () => {
    testTaskQueue(() => {
      const prefix = freshPrefix();
      return [openQueue({ url, prefix }), openQueue({ url, prefix })];
    });
  });

  test('implements the interface of the SDK and reads the variables of the backend', async () => {
    const prefix = freshPrefix();
    await using queue = RedisTaskMessageQueue.fromEnv({ ...env, REDIS_PREFIX: prefix });
    await (queue satisfies TaskMessageQueue).enqueue('task', request(1));
    expect(await redis.lrange(`${prefix}mcp:queue:task`, 0, -1)).toEqual([
      '{"type":"request","message":{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{"id":1}},"timestamp":"2026-01-02T03:04:05.678Z","original_request_id":1}',
    ]);
    expect(() => RedisTaskMessageQueue.fromEnv({})).toThrow(/REDIS_URL is not set/);
  });

  test('delivers each message once to two processes', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url, prefix });
    const ids = Array.from({ length: 400 }, (_, id) => id);
    await Promise.all(ids.map((id) => queue.enqueue('task', request(id))));
    const drain = (): Promise<string> => runTaskProcess({ ...env, REDIS_PREFIX: prefix }, 'drain', 'task');
    const taken = (await Promise.all([drain(), drain()])).flatMap((output) => JSON.parse(output) as number[]);
    expect(taken.sort((a, b) => a - b)).toEqual(ids);
    expect(await queue.isEmpty('task')).toBe(true);
  });

  test('sets unreadable entries aside, logs them without their content, and does not block the queue', async () => {
    const prefix = freshPrefix();
    const warn = vi.fn<(fields: object | string, event?: string) => void>();
    const queue = openQueue({ url, prefix, logger: { ...silentLogger, warn } });
    const key = `${prefix}mcp:queue:task`;
    await redis.rpush(key, 'secret', '{"type":"secret"}');
    await queue.enqueue('task', request(1));
    await redis.rpush(key, '[]');
    await queue.enqueue('task', request(2));
    expect(await queue.peek('task')).toEqual(request(1));
    expect(idsOf([await queue.dequeue('task')])).toEqual([1]);
    expect(idsOf(await queue.dequeueAll('task'))).toEqual([2]);
    expect(await redis.lrange(`{${key}}:unreadable`, 0, -1)).toEqual(['secret', '{"type":"secret"}', '[]']);
    expect(await redis.pttl(`{${key}}:unreadable`)).toBeGreaterThan(0);
    expect(warn.mock.calls.map(([, event]) => event)).toEqual(Array(3).fill('task_message_unreadable'));
    expect(JSON.stringify(warn.mock.calls)).not.toContain('secret');
  });

  test('expires a queue some time after its last message', async () => {
    const prefix = freshPrefix();
    const key = `${prefix}mcp:queue:task`;
    await openQueue({ url, prefix }).enqueue('task', request(1));
    expect(await redis.pttl(key)).toBeGreaterThan(80_000_000);
    await redis.pexpire(key, 1_000);
    await openQueue({ url, prefix, ttlMs: 60_000 }).enqueue('task', request(2));
    expect(await redis.pttl(key)).toBeGreaterThan(50_000);
    await openQueue({ url, prefix, ttlMs: null }).enqueue('task', request(3));
    expect(await redis.pttl(key)).toBe(-1);
  });

  test('reports a key that holds another type', async () => {
    const prefix = freshPrefix();
    await redis.set(`${prefix}mcp:queue:task`, 'text');
    const queue = openQueue({ url, prefix });
    const message = expect.stringContaining('not a list of task messages');
    const refusal = { code: 'ERR_QUEUE_TOPOLOGY', retryable: false, message };
    await expect(queue.enqueue('task', request(1))).rejects.toMatchObject(refusal);
    await expect(queue.dequeue('task')).rejects.toMatchObject(refusal);
    await expect(queue.dequeueAll('task')).rejects.toMatchObject(refusal);
    await expect(queue.waitForMessage('task')).rejects.toMatchObject(refusal);
    expect(await redis.get(`${prefix}mcp:queue:task`)).toBe('text');
  });

  test('ends a wait with an error that is not retryable', async () => {
    const queue = openQueue({ url: `${url}/9999` });
    await expect(queue.waitForMessage('task')).rejects.toMatchObject({ code: 'ERR_QUEUE_CONFIG' });
  });

  test.each([{ ttlMs: 0 }, { ttlMs: 1.5 }, { recheckIntervalMs: 0 }, { recheckIntervalMs: 2 ** 31 }])(
    'refused: %j',
    (options) => {
      expect(() => new RedisTaskMessageQueue({ url, ...options })).toThrow(
        expect.objectContaining({ code: 'ERR_QUEUE_CONFIG' }),
      );
    },
  );
});
