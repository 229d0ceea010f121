import { startRedisCluster } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { idsOf, request } from '@slack-mcp/test-support/task-queue';
import { expect, test } from 'vitest';
import { freshPrefix, openQueue, openStore } from './fresh-tasks.ts';

describeWithOwnBroker('a Redis Cluster', startRedisCluster, ({ masters }) => {
  const cluster = masters.map(({ port }) => ({ host: '127.0.0.1', port }));

  test('works with tasks and messages in different slots', async () => {
    const store = openStore({ cluster });
    const queue = openQueue({ cluster, prefix: freshPrefix() });
    for (let n = 0; n < 20; n += 1) {
      const { taskId } = await store.createTask({ ttl: 60_000 }, n, { method: 'tools/call' }, 'alice');
      await queue.enqueue(taskId, request(1));
      await queue.enqueue(taskId, request(2));
      expect(idsOf([await queue.dequeue(taskId), ...(await queue.dequeueAll(taskId))])).toEqual([1, 2]);
      await store.storeTaskResult(taskId, 'completed', { n }, 'alice');
      expect(await store.getTaskResult(taskId)).toEqual({ n });
    }
    const { tasks, nextCursor } = await store.listTasks(undefined, 'alice');
    expect([tasks.length, (await store.listTasks(nextCursor)).tasks.length]).toEqual([10, 10]);
  });

  test('wakes waiting callers when a message arrives', async () => {
    const prefix = freshPrefix();
    const [one, two] = [openQueue({ cluster, prefix, recheckIntervalMs: 2 ** 31 - 1 }), openQueue({ cluster, prefix })];
    for (const task of ['a', 'b', 'c', '{d}e']) {
      const waiting = one.waitForMessage(task);
      await two.enqueue(task, request(1));
      expect(await waiting).toBe(true);
    }
  });
});
