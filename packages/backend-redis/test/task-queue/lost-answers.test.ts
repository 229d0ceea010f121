import { createFaultProxy, startRedis, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { freshPrefix, openQueue, openStore } from './fresh-tasks.ts';
import { idsOf, request } from './messages.ts';

describeWithOwnBroker('answers that are lost on their way', startRedis, (broker) => {
  const redis = new Redis(broker.url, { lazyConnect: true });
  afterAll(() => redis.disconnect());

  /**
   * Loses the answers of what `act` does until Redis has done it, then lets everything pass. `warm` opens the connection
   * and lets Redis know the script.
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
    await waitFor('Redis to have done it', done);
    await proxy.heal();
    return calling;
  }

  test('a message is queued once', async () => {
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

  test('a message that was taken arrives', async () => {
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

  test.each(['dequeue', 'dequeueAll'] as const)('what a failed %s has taken is taken by the next', async (method) => {
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
      waitFor('Redis to have done it', async () => (await queue.size('task')) < 3),
    ]);
    await proxy.heal();
    const rest = await waitFor('the connection', () => other.dequeueAll('task'));
    expect(idsOf(rest)).toEqual([1, 2, 3]);
    expect(await queue.isEmpty('task')).toBe(true);
  });

  test('a task is completed once, and it is said that it was', async () => {
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

  test('a task is created once', async () => {
    const prefix = freshPrefix();
    // Lets Redis know the scripts.
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
