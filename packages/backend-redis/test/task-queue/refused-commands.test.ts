import type { QueuedMessage } from '@modelcontextprotocol/sdk/experimental/tasks';
import { startRedis } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { idsOf, request } from '@slack-mcp/test-support/task-queue';
import { Redis } from 'ioredis';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { freshPrefix, openQueue, openStore } from './fresh-tasks.ts';

/** Every command of the scripts. Redis does not roll back when one is refused after another has written. */
const COMMANDS = [
  ...['exists', 'hmget', 'hset', 'lindex', 'llen', 'lmove', 'lrange', 'persist', 'pexpire', 'publish', 'rename'],
  ...['rpush', 'set', 'type'],
];
const RIGHTS = ['~*', '&*', '+@all', '-@admin', '+client|id', '+client|unblock'];

describeWithOwnBroker(
  'a redis that refuses a command',
  () => startRedis({ users: [`limited on >secret ${RIGHTS.join(' ')}`] }),
  (broker) => {
    const admin = new Redis(broker.url);
    const url = `redis://limited:secret@127.0.0.1:${broker.port}`;
    const refuse = (command: string): Promise<unknown> => admin.acl('SETUSER', 'limited', `-${command}`);
    const allow = (): Promise<unknown> => admin.acl('SETUSER', 'limited', ...RIGHTS);
    afterAll(() => admin.disconnect());
    beforeEach(allow);

    const orRefused = <T>(call: Promise<T>): Promise<T | 'refused'> =>
      call.catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'ERR_QUEUE_AUTH', retryable: false });
        return 'refused';
      });

    describe.each(COMMANDS)('%s', (command) => {
      test.each([60_000, null])('queues a message or stores nothing (lifetime: %s)', async (ttlMs) => {
        const prefix = freshPrefix();
        const able = openQueue({ url: broker.url, prefix });
        await refuse(command);
        const outcome = await orRefused(openQueue({ url, prefix, ttlMs }).enqueue('task', request(1)));
        expect(await able.size('task')).toBe(outcome === 'refused' ? 0 : 1);
      });

      test.each(['dequeue', 'dequeueAll'] as const)('delivers each message once: %s', async (method) => {
        const prefix = freshPrefix();
        const limited = openQueue({ url, prefix });
        for (const id of [1, 2, 3]) await limited.enqueue('task', request(id));
        await refuse(command);
        const taken: QueuedMessage[] = [];
        // If the first call was refused, the second returns its messages to the queue.
        for (let call = 0; call < 2; call += 1) {
          const outcome = await orRefused<QueuedMessage | QueuedMessage[] | undefined>(limited[method]('task'));
          if (outcome !== 'refused') taken.push(...[outcome ?? []].flat());
        }
        await allow();
        expect(idsOf([...taken, ...(await limited.dequeueAll('task'))])).toEqual([1, 2, 3]);
      });

      test('leaves the messages to other calls when a call is refused', async () => {
        const prefix = freshPrefix();
        const [limited, able] = [openQueue({ url, prefix }), openQueue({ url: broker.url, prefix })];
        for (const id of [1, 2]) await able.enqueue('task', request(id));
        await refuse(command);
        const taken = await orRefused(limited.dequeueAll('task'));
        expect(idsOf(await able.dequeueAll('task'))).toEqual(taken === 'refused' ? [1, 2] : []);
      });

      test('ends a task or leaves it unchanged', async () => {
        const prefix = freshPrefix();
        const able = openStore({ url: broker.url, prefix });
        const { taskId } = await able.createTask({ ttl: 60_000 }, 1, { method: 'tools/call' });
        await refuse(command);
        const outcome = await orRefused(openStore({ url, prefix }).storeTaskResult(taskId, 'completed', {}));
        expect(await able.getTask(taskId)).toMatchObject({ status: outcome === 'refused' ? 'working' : 'completed' });
      });
    });
  },
);
