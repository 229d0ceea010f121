import type { TaskMessageQueue } from '@modelcontextprotocol/sdk/experimental/tasks';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { silentLogger } from '@slack-mcp/core';
import { Redis } from 'ioredis';
import { afterAll, expect, test, vi } from 'vitest';
import { RedisTaskMessageQueue } from '../../src/task-queue/index.ts';
import { freshPrefix, openQueue } from './fresh-tasks.ts';
import { idsOf, request } from './messages.ts';
import { runTaskProcess } from './run-task-process.ts';

describeWithBroker('redis', ({ url, env }) => {
  const redis = new Redis(url, { lazyConnect: true });
  afterAll(() => redis.disconnect());

  test('implements the interface of the SDK and reads the variables of the backend', async () => {
    const prefix = freshPrefix();
    await using queue = RedisTaskMessageQueue.fromEnv({ ...env, REDIS_PREFIX: prefix });
    await (queue satisfies TaskMessageQueue).enqueue('task', request(1));
    expect(await redis.lrange(`${prefix}mcp:queue:task`, 0, -1)).toEqual([
      '{"type":"request","message":{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{"id":1}},"timestamp":"2026-01-02T03:04:05.678Z","original_request_id":1}',
    ]);
    expect(() => RedisTaskMessageQueue.fromEnv({})).toThrow(/REDIS_URL is not set/);
  });

  test('keeps the order of the messages of a task, in any session', async () => {
    const queue = openQueue({ url });
    for (const id of [1, 2, 3]) await queue.enqueue('one', request(id), `session-${id}`);
    await queue.enqueue('two', request(9));
    expect(await queue.peek('one')).toEqual(request(1));
    expect(await queue.size('one')).toBe(3);
    expect(idsOf([await queue.dequeue('one', 'other'), await queue.dequeue('one')])).toEqual([1, 2]);
    expect(idsOf(await queue.dequeueAll('one'))).toEqual([3]);
    expect(await queue.isEmpty('one')).toBe(true);
    expect(await queue.dequeue('one')).toBeUndefined();
    expect(await queue.dequeueAll('one')).toEqual([]);
    expect(await queue.peek('one')).toBeUndefined();
    expect(idsOf(await queue.clear('two'))).toEqual([9]);
  });

  test('accepts 10 of 100 concurrent messages when 10 fit', async () => {
    const prefix = freshPrefix();
    const queues = [openQueue({ url, prefix }), openQueue({ url, prefix })];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, async (_, id) => queues[id % 2]?.enqueue('task', request(id), undefined, 10)),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(90);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'ERR_QUEUE_FULL', retryable: true });
    expect(await queues[0]?.dequeueAll('task')).toHaveLength(10);
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

  test('loses no message when all are taken while others are added', async () => {
    const queue = openQueue({ url });
    const ids = Array.from({ length: 200 }, (_, id) => id);
    const writing = Promise.all(ids.map((id) => queue.enqueue('task', request(id))));
    const taken = await Promise.all(Array.from({ length: 20 }, () => queue.dequeueAll('task')));
    await writing;
    const all = [...taken.flat(), ...(await queue.dequeueAll('task'))];
    expect(idsOf(all).sort((a, b) => Number(a) - Number(b))).toEqual(ids);
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

  test('distinguishes any two task ids', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url, prefix });
    const ids = ['{a}', '%7Ba}', 'a b', 'ä', '{a}:call:1'];
    for (const id of ids) await queue.enqueue(id, request(id));
    for (const id of ids) expect(idsOf(await queue.dequeueAll(id))).toEqual([id]);
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

  test.each([Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY])('rejects a maximum of %s messages', async (size) => {
    const queue = openQueue({ url });
    await expect(queue.enqueue('task', request(1), undefined, size)).rejects.toMatchObject({
      code: 'ERR_QUEUE_CONFIG',
    });
    expect(await queue.size('task')).toBe(0);
  });

  test('ends a wait with an error that is not retryable', async () => {
    const queue = openQueue({ url: `${url}/9999` });
    await expect(queue.waitForMessage('task')).rejects.toMatchObject({ code: 'ERR_QUEUE_CONFIG' });
  });

  test('refuses calls after close()', async () => {
    const queue = openQueue({ url });
    await queue.enqueue('task', request(1));
    await queue.close();
    await queue.close();
    const refusal = { code: 'ERR_QUEUE_CLOSED' };
    await expect(queue.dequeue('task')).rejects.toMatchObject(refusal);
    await expect(queue.waitForMessage('task')).rejects.toMatchObject(refusal);
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
