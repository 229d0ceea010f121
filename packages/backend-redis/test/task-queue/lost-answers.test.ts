import { createFaultProxy, startRedis, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { idsOf, request } from '@slack-mcp/test-support/task-queue';
import { Redis } from 'ioredis';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { freshPrefix, openQueue, openStore } from './fresh-tasks.ts';

describeWithOwnBroker('lost answers', startRedis, (broker) => {
  const redis = new Redis(broker.url, { lazyConnect: true });
  afterAll(() => redis.disconnect());

  /**
   * Drops the answers to the commands of `act` until Redis has executed them, then lets everything pass. `warm` opens
   * the connection and loads the script.
   */
  async function losingAnswers<T>(
    act: (url: string) => Promise<{ warm(): Promise<unknown>; call(): Promise<T> }>,
    done: () => Promise<boolean>,
  ): Promise<T> {
    const proxy = await createFaultProxy({ target: broker });
    onTestFinished(() => proxy.close());
    const { warm, call } = await act(`redis://${proxy.host}:${proxy.port}`);
    await warm();
    proxy.drop('to-client');
    const calling = call();
    await waitFor('Redis to execute the call', done);
    await proxy.heal();
    return calling;
  }

  test('queues a message once', async () => {
    const prefix = freshPrefix();
    await losingAnswers(
      async (url) => {
        const queue = openQueue({ url, prefix });
        return { warm: () => queue.enqueue('warm', request(0)), call: () => queue.enqueue('task', request(1)) };
      },
      async () => (await redis.llen(`${prefix}mcp:queue:task`)) === 1,
    );
    expect(await redis.llen(`${prefix}mcp:queue:task`)).toBe(1);
  });

  test('delivers a message that was taken', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url: broker.url, prefix });
    for (const id of [1, 2]) await queue.enqueue('task', request(id));
    const taken = await losingAnswers(
      async (url) => {
        const other = openQueue({ url, prefix });
        return { warm: () => other.dequeue('warm'), call: () => other.dequeue('task') };
      },
      async () => (await queue.size('task')) < 2,
    );
    expect(idsOf([taken])).toEqual([1]);
    expect(idsOf(await queue.dequeueAll('task'))).toEqual([2]);
  });

  test.each(['dequeue', 'dequeueAll'] as const)(
    'delivers the messages of a failed %s with the next call',
    async (method) => {
      const prefix = freshPrefix();
      const queue = openQueue({ url: broker.url, prefix });
      for (const id of [1, 2, 3]) await queue.enqueue('task', request(id));
      await using proxy = await createFaultProxy({ target: broker });
      const impatient = { prefix, timeoutMs: 1, responseTimeoutMs: 2_000 };
      const other = openQueue({ url: `redis://${proxy.host}:${proxy.port}`, ...impatient });
      expect(await other.isEmpty('warm')).toBe(true);
      proxy.drop('to-client');
      const failing = other[method]('task');
      await Promise.all([
        expect(failing).rejects.toMatchObject({ retryable: true }),
        waitFor('Redis to execute the call', async () => (await queue.size('task')) < 3),
      ]);
      await proxy.heal();
      const rest = await waitFor('the connection', () => other.dequeueAll('task'));
      expect(idsOf(rest)).toEqual([1, 2, 3]);
      expect(await queue.isEmpty('task')).toBe(true);
    },
  );

  test('keeps taken messages as long as the queue until they arrive, through any outage', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url: broker.url, prefix });
    await queue.enqueue('task', request(1));
    await redis.del(...(await redis.keys(`{${prefix}*`)));
    await using proxy = await createFaultProxy({ target: broker });
    const other = openQueue({ url: `redis://${proxy.host}:${proxy.port}`, prefix, timeoutMs: 1 });
    expect(await other.isEmpty('warm')).toBe(true);
    proxy.drop('to-client');
    const failing = other.dequeue('task').catch((error: unknown) => error);
    const [call = ''] = await waitFor('Redis to execute the call', async () => {
      const keys = await redis.keys(`{${prefix}*`);
      return keys.length === 1 && keys;
    });
    expect(await redis.pttl(call)).toBeGreaterThan(80_000_000);
    await proxy.heal();
    expect(await failing).toMatchObject({ retryable: true });
    expect(idsOf([await other.dequeue('task')])).toEqual([1]);
    // After the messages have arrived, the copies expire with the call.
    await waitFor('the copies to get a short lifetime', async () => {
      const lives = await Promise.all((await redis.keys(`{${prefix}*`)).map((key) => redis.pttl(key)));
      return lives.length === 2 && lives.every((life) => life <= 2 * (30_000 + 10_000));
    });
  });

  test('remembers a call for longer than it is repeated', async () => {
    const prefix = freshPrefix();
    const patient = { url: broker.url, prefix, timeoutMs: 600_000 };
    await openQueue(patient).enqueue('task', request(1));
    const store = openStore(patient);
    const { taskId } = await store.createTask({}, 1, { method: 'tools/call' });
    await store.updateTaskStatus(taskId, 'input_required');
    const calls = (await redis.keys(`{${prefix}*`)).filter((key) => key.includes('}:call:'));
    expect(calls).toHaveLength(2);
    for (const call of calls) expect(await redis.pttl(call)).toBeGreaterThan(600_000);
  });

  test('completes a task once and reports success', async () => {
    const prefix = freshPrefix();
    const store = openStore({ url: broker.url, prefix });
    const { taskId } = await store.createTask({}, 1, { method: 'tools/call' });
    await losingAnswers(
      async (url) => {
        const other = openStore({ url, prefix });
        return {
          warm: () => other.updateTaskStatus(taskId, 'working'),
          call: () => other.storeTaskResult(taskId, 'completed', { n: 1 }),
        };
      },
      async () => (await store.getTask(taskId))?.status === 'completed',
    );
    expect(await store.getTaskResult(taskId)).toEqual({ n: 1 });
    await expect(store.storeTaskResult(taskId, 'completed', { n: 2 })).rejects.toThrow(/terminal status 'completed'/);
  });

  test('creates a task once', async () => {
    const prefix = freshPrefix();
    // Loads the scripts.
    await openStore({ url: broker.url }).createTask({}, 1, { method: 'tools/call' });
    const task = await losingAnswers(
      async (url) => {
        const other = openStore({ url, prefix });
        return { warm: () => other.getTask('warm'), call: () => other.createTask({}, 1, { method: 'tools/call' }) };
      },
      async () => (await redis.zcard(`${prefix}mcp:tasks`)) === 1,
    );
    const store = openStore({ url: broker.url, prefix });
    expect(await store.listTasks()).toEqual({ tasks: [task] });
  });
});
