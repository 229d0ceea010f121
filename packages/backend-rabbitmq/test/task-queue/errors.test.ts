import type { QueuedMessage } from '@modelcontextprotocol/sdk/experimental/tasks';
import { RabbitMQManagement } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { idsOf, request } from '@slack-mcp/test-support/task-queue';
import { expect, test } from 'vitest';
import { freshPrefix, openQueue } from './fresh-tasks.ts';

describeWithBroker('rabbitmq', ({ url, managementUrl, version }) => {
  const address = new URL(url);
  const as = (user: string, password: string, vhost = ''): string =>
    `amqp://${user}:${password}@${address.host}/${vhost}`;

  test.each([
    ['wrong credentials', as('guest', 'hunter2'), 'ERR_QUEUE_AUTH', false],
    ['a missing virtual host', as('guest', 'guest', 'hunter2-missing'), 'ERR_QUEUE_AUTH', false],
    ['a closed port', 'amqp://guest:hunter2@127.0.0.1:1', 'ERR_QUEUE_CONNECTION_REFUSED', true],
    ['an unknown host', 'amqp://guest:hunter2@nowhere.invalid', 'ERR_QUEUE_HOST_NOT_FOUND', true],
  ])('reports %s, without credentials', async (_, wrong, code, retryable) => {
    const queue = openQueue({ url: wrong, timeoutMs: 300 });
    const calls = [queue.enqueue('task', request(1)), queue.dequeue('task'), queue.peek('task')];
    for (const outcome of await Promise.allSettled<unknown>(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code, retryable } });
      const { message, cause } = (outcome as PromiseRejectedResult).reason as Error;
      expect(`${message}\n${String(cause)}`).not.toMatch(/hunter2(?!-missing)/);
    }
  });

  // Before 4.0, the limit is 128 MiB.
  test.skipIf(version?.startsWith('3.'))('reports a message that is too large, and stores the others', async () => {
    const queue = openQueue({ url, timeoutMs: 30_000 });
    const large = { ...request<QueuedMessage>(0), message: { jsonrpc: '2.0', method: 'x'.repeat(20 * 2 ** 20) } };
    const [first, refused, last] = await Promise.allSettled(
      [request(1), large, request(2)].map((message) => queue.enqueue('task', message as QueuedMessage)),
    );
    expect([first?.status, last?.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(refused).toMatchObject({ reason: { code: 'ERR_QUEUE_PAYLOAD_TOO_LARGE', retryable: false } });
    expect(idsOf(await queue.dequeueAll('task')).sort()).toEqual([1, 2]);
  });

  test('reports a missing permission, and needs none beyond mcp:', async () => {
    const management = new RabbitMQManagement(managementUrl as string);
    const prefix = freshPrefix();
    const user = prefix.slice(0, -1);
    const own = `^(${prefix}mcp:.*|amq\\.gen.*)$`;
    await management.createUser(user, 'hunter2', '/', {
      configure: own,
      write: `^(${prefix}mcp:.*|amq\\.gen.*|amq\\.default)$`,
      read: own,
    });
    const queue = openQueue({ url: as(user, 'hunter2'), prefix });
    const waiting = queue.waitForMessage('task');
    await queue.enqueue('task', request(1), undefined, 3);
    expect(await waiting).toBe(true);
    expect(await queue.peek('task')).toEqual(request(1));
    expect(await queue.dequeueAll('task')).toEqual([request(1)]);

    const other = openQueue({ url: as(user, 'hunter2'), prefix: freshPrefix() });
    const refusal = { code: 'ERR_QUEUE_AUTH', retryable: false, message: expect.stringContaining('permission') };
    await expect(other.enqueue('task', request(1))).rejects.toMatchObject(refusal);
    await expect(other.dequeue('task')).rejects.toMatchObject(refusal);
    await expect(other.waitForMessage('task')).rejects.toMatchObject(refusal);
    await management.request('DELETE', `users/${encodeURIComponent(user)}`);
  });
});
