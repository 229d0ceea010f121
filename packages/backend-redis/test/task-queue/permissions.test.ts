import { startRedis } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { idsOf, request } from '@slack-mcp/test-support/task-queue';
import { expect, test } from 'vitest';
import { openQueue, openStore } from './fresh-tasks.ts';

describeWithOwnBroker(
  'a redis with users',
  () =>
    startRedis({
      users: [
        'tasks on >secret ~app:mcp:* ~{app:mcp:* resetchannels &app:mcp:* +@all -@admin',
        'mute on >secret ~app:mcp:* ~{app:mcp:* resetchannels +@all -@admin',
        'stranger on >secret ~other:* resetchannels +@all -@admin',
      ],
    }),
  (broker) => {
    const as = (user: string) => ({ url: `redis://${user}:secret@127.0.0.1:${broker.port}`, prefix: 'app:' });

    test('needs only the permissions in the README', async () => {
      const queue = openQueue(as('tasks'));
      const waiting = queue.waitForMessage('allowed');
      await queue.enqueue('allowed', request(1));
      expect(await waiting).toBe(true);
      expect(idsOf(await queue.dequeueAll('allowed'))).toEqual([1]);
      const store = openStore(as('tasks'));
      const { taskId } = await store.createTask({}, 1, { method: 'tools/call' });
      await store.storeTaskResult(taskId, 'completed', {});
      expect((await store.listTasks()).tasks).toHaveLength(1);
    });

    test('refuses a user without access to the channel before anything is stored', async () => {
      const queue = openQueue(as('mute'));
      const refusal = { code: 'ERR_QUEUE_AUTH', retryable: false, message: expect.stringContaining('&app:mcp:*') };
      await expect(queue.enqueue('mute', request(1))).rejects.toMatchObject(refusal);
      expect(await queue.size('mute')).toBe(0);
    });

    test('names the keys that the user lacks access to', async () => {
      const refusal = { code: 'ERR_QUEUE_AUTH', message: expect.stringContaining('~app:mcp:* and ~{app:mcp:*') };
      await expect(openQueue(as('stranger')).enqueue('task', request(1))).rejects.toMatchObject(refusal);
      await expect(openStore(as('stranger')).listTasks()).rejects.toMatchObject(refusal);
    });
  },
);
