import { createFaultProxy, startRedis, waitFor } from '@slack-mcp/brokers';
import { describeWithBroker, describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { idsOf, request } from '@slack-mcp/test-support/task-queue';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import { freshPrefix, openQueue } from './fresh-tasks.ts';
import { runTaskProcess } from './run-task-process.ts';

/** Long enough that only a notification from Redis can have ended a wait. */
const never = 2 ** 31 - 1;

async function listenersOf(redis: Redis, channel: string): Promise<number> {
  return Number(((await redis.pubsub('NUMSUB', channel)) as unknown[])[1]);
}

describeWithBroker('redis', ({ url, env }) => {
  const redis = new Redis(url, { lazyConnect: true });
  afterAll(() => redis.disconnect());

  const listeners = (channel: string): Promise<number> => listenersOf(redis, channel);

  test('resolves at once when there is a message, and leaves it in the queue', async () => {
    const queue = openQueue({ url });
    await queue.enqueue('task', request(1));
    expect(await queue.waitForMessage('task', { timeoutMs: 60_000 })).toBe(true);
    expect(await queue.size('task')).toBe(1);
  });

  test('is woken by another process, without polling', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url, prefix, recheckIntervalMs: never });
    const channel = `${prefix}mcp:queue:task`;
    const waiting = queue.waitForMessage('task');
    await waitFor('the subscription', async () => (await listeners(channel)) === 1);
    await runTaskProcess({ ...env, REDIS_PREFIX: prefix }, 'enqueue', 'task', 'from afar');
    expect(await waiting).toBe(true);
    expect(idsOf([await queue.dequeue('task')])).toEqual(['from afar']);
    await waitFor('the end of the subscription', async () => (await listeners(channel)) === 0);
  });

  test('wakes all callers that wait for the task, and no others', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url, prefix, recheckIntervalMs: never });
    const waiting = [queue.waitForMessage('task'), queue.waitForMessage('task')];
    const other = queue.waitForMessage('other', { timeoutMs: 500 });
    await openQueue({ url, prefix }).enqueue('task', request(1));
    expect(await Promise.all(waiting)).toEqual([true, true]);
    expect(await other).toBe(false);
  });

  test('finds a message whose notification was lost', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url, prefix, recheckIntervalMs: 50 });
    const waiting = queue.waitForMessage('task');
    await waitFor('the subscription', async () => (await listeners(`${prefix}mcp:queue:task`)) === 1);
    await redis.rpush(`${prefix}mcp:queue:task`, 'added without a notification');
    expect(await waiting).toBe(true);
  });

  test('finds a message without a notification that arrives just before the timeout', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url, prefix, recheckIntervalMs: never });
    const waiting = queue.waitForMessage('task', { timeoutMs: 2_000 });
    await waitFor('the subscription', async () => (await listeners(`${prefix}mcp:queue:task`)) === 1);
    await redis.rpush(`${prefix}mcp:queue:task`, 'added without a notification');
    expect(await waiting).toBe(true);
  });

  test('ends with its timeout, its signal, or the queue', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url, prefix });
    expect(await queue.waitForMessage('task', { timeoutMs: 20 })).toBe(false);
    const controller = new AbortController();
    const aborted = queue.waitForMessage('task', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    await expect(queue.waitForMessage('task', { signal: controller.signal })).rejects.toThrow('enough');
    const closed = queue.waitForMessage('task');
    await queue.close();
    await expect(closed).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
    await waitFor('the end of the subscription', async () => (await listeners(`${prefix}mcp:queue:task`)) === 0);
  });
});

describeWithOwnBroker(
  'while Redis is unavailable',
  () => startRedis({ appendfsync: 'always' }),
  (broker) => {
    const redis = new Redis(broker.url, { lazyConnect: true });
    redis.on('error', () => undefined);
    afterAll(() => redis.disconnect());

    const subscribed = (prefix: string): Promise<boolean> =>
      waitFor('the subscription', async () => (await listenersOf(redis, `${prefix}mcp:queue:task`)) === 1);

    test('keeps waiting through a restart', async () => {
      const prefix = freshPrefix();
      const [consumer, producer] = [
        openQueue({ url: broker.url, prefix, recheckIntervalMs: never }),
        openQueue({ url: broker.url, prefix }),
      ];
      const waiting = consumer.waitForMessage('task');
      await producer.enqueue('other', request(1));
      await subscribed(prefix);
      await broker.kill();
      await broker.restart();
      await producer.enqueue('task', request(2));
      expect(await waiting).toBe(true);
      expect(idsOf([await consumer.dequeue('task'), await consumer.dequeue('other')])).toEqual([2, 1]);
    });

    test('keeps waiting when its connections are closed', async () => {
      const prefix = freshPrefix();
      const queue = openQueue({ url: broker.url, prefix, recheckIntervalMs: never });
      const waiting = queue.waitForMessage('task');
      await subscribed(prefix);
      await broker.closeConnections();
      await runTaskProcess({ ...broker.env, REDIS_PREFIX: prefix }, 'enqueue', 'task', 'later');
      expect(await waiting).toBe(true);
    });

    test('finds a message that arrived while there was no connection for notifications', async () => {
      const prefix = freshPrefix();
      await using proxy = await createFaultProxy({ target: broker });
      const far = openQueue({ url: `redis://${proxy.host}:${proxy.port}`, prefix, recheckIntervalMs: never });
      const waiting = far.waitForMessage('task');
      await subscribed(prefix);
      proxy.refuse();
      proxy.reset();
      await waitFor('the end of the connections', () => proxy.connections === 0);
      await openQueue({ url: broker.url, prefix }).enqueue('task', request(1));
      await proxy.heal();
      expect(await waiting).toBe(true);
    });

    test('does not wait for Redis at its timeout or when its signal aborts', async () => {
      const queue = openQueue({ url: broker.url });
      await broker.stop();
      try {
        expect(await queue.waitForMessage('task', { timeoutMs: 100 })).toBe(false);
        await expect(queue.waitForMessage('task', { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
          name: 'TimeoutError',
        });
        const waiting = queue.waitForMessage('task');
        await queue.close();
        await expect(waiting).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
      } finally {
        await broker.restart();
      }
    });
  },
);
