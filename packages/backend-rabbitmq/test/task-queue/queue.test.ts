import type { TaskMessageQueue } from '@modelcontextprotocol/sdk/experimental/tasks';
import { RabbitMQManagement, waitFor } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { silentLogger } from '@slack-mcp/core';
import { idsOf, request, testTaskQueue } from '@slack-mcp/test-support/task-queue';
import { type ChannelModel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { RabbitMQTaskMessageQueue } from '../../src/task-queue/index.ts';
import { freshPrefix, openQueue } from './fresh-tasks.ts';
import { runTaskProcess } from './run-task-process.ts';

/** Number of tasks that must leave nothing behind. */
const TASKS = Number(process.env['TASK_QUEUE_TASKS'] ?? 200);

describeWithBroker('rabbitmq', ({ url, env, managementUrl }) => {
  let raw: ChannelModel;
  beforeAll(async () => {
    raw = await connect(url);
  });
  afterAll(() => raw.close());

  describe('the contract of task queues', () => {
    testTaskQueue(() => {
      const prefix = freshPrefix();
      return [openQueue({ url, prefix }), openQueue({ url, prefix })];
    });
  });

  /** The names of the queues with a prefix. */
  async function queuesOf(prefix: string): Promise<string[]> {
    const queues = await new RabbitMQManagement(managementUrl as string).request('GET', 'queues?columns=name');
    return (queues as { name: string }[]).map(({ name }) => name).filter((name) => name.startsWith(prefix));
  }

  test('implements the interface of the SDK and reads the variables of the backend', async () => {
    const prefix = freshPrefix();
    await using queue = RabbitMQTaskMessageQueue.fromEnv({ ...env, RABBITMQ_PREFIX: prefix });
    await (queue satisfies TaskMessageQueue).enqueue('task', request(1));
    const channel = await raw.createChannel();
    const stored = await channel.get(`${prefix}mcp:queue:task`, { noAck: true });
    if (stored === false) throw new Error('the queue is empty');
    expect(stored.content.toString()).toBe(
      '{"type":"request","message":{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{"id":1}},"timestamp":"2026-01-02T03:04:05.678Z","original_request_id":1}',
    );
    expect(stored.properties).toMatchObject({
      deliveryMode: 2,
      contentType: 'application/json',
      expiration: '86400000',
    });
    expect(() => RabbitMQTaskMessageQueue.fromEnv({ RABBITMQ_URL: 'secret' })).toThrow(/^RABBITMQ_URL(?!.*secret)/);
  });

  test('declares durable queues without arguments, as the Python package does', async () => {
    const prefix = freshPrefix();
    await openQueue({ url, prefix }).enqueue('task', request(1));
    const channel = await raw.createChannel();
    expect(await channel.assertQueue(`${prefix}mcp:queue:task`, { durable: true })).toMatchObject({ messageCount: 1 });
    expect(new RabbitMQTaskMessageQueue()).toBeInstanceOf(RabbitMQTaskMessageQueue);
  });

  test('delivers each message once to two processes', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url, prefix });
    const ids = Array.from({ length: 400 }, (_, id) => id);
    await Promise.all(ids.map((id) => queue.enqueue('task', request(id))));
    const drain = (): Promise<string> => runTaskProcess({ ...env, RABBITMQ_PREFIX: prefix }, 'drain', 'task');
    const taken = (await Promise.all([drain(), drain()])).flatMap((output) => JSON.parse(output) as number[]);
    expect(taken.sort((a, b) => a - b)).toEqual(ids);
    expect(await queue.isEmpty('task')).toBe(true);
  });

  test('sets unreadable messages aside, logs them without their content, and does not block the queue', async () => {
    const prefix = freshPrefix();
    const warn = vi.fn<(fields: object | string, event?: string) => void>();
    const queue = openQueue({ url, prefix, logger: { ...silentLogger, warn } });
    const name = `${prefix}mcp:queue:task`;
    const channel = await raw.createChannel();
    await channel.assertQueue(name, { durable: true });
    for (const text of ['secret', '{"type":"secret"}']) channel.sendToQueue(name, Buffer.from(text));
    await waitFor('the messages', async () => (await channel.checkQueue(name)).messageCount === 2);
    await queue.enqueue('task', request(1));
    expect(await queue.peek('task')).toEqual(request(1));
    channel.sendToQueue(name, Buffer.from('[]'));
    await queue.enqueue('task', request(2));
    expect(idsOf([await queue.dequeue('task')])).toEqual([1]);
    expect(idsOf(await queue.dequeueAll('task'))).toEqual([2]);
    const aside: unknown[] = [];
    for (
      let got = await channel.get(`${prefix}mcp:unreadable`);
      got;
      got = await channel.get(`${prefix}mcp:unreadable`)
    ) {
      aside.push([got.content.toString(), got.properties.headers?.['queue']]);
    }
    expect(aside).toEqual(['secret', '{"type":"secret"}', '[]'].map((text) => [text, name]));
    expect(warn.mock.calls.map(([, event]) => event)).toEqual(Array(3).fill('task_message_unreadable'));
    expect(JSON.stringify(warn.mock.calls)).not.toContain('secret');
    await channel.deleteQueue(`${prefix}mcp:unreadable`);
  });

  test('drops messages that no one takes in time', async () => {
    const prefix = freshPrefix();
    await openQueue({ url, prefix, ttlMs: 50 }).enqueue('task', request(1));
    const queue = openQueue({ url, prefix, ttlMs: null });
    await waitFor('the message to expire', () => queue.isEmpty('task'));
    await queue.enqueue('task', request(2));
    const channel = await raw.createChannel();
    const stored = await channel.get(`${prefix}mcp:queue:task`, { noAck: true });
    if (stored === false) throw new Error('the queue is empty');
    expect(stored.properties.expiration).toBeUndefined();
  });

  test('leaves no queue behind after many tasks', { timeout: 60_000 + 100 * TASKS }, async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url, prefix });
    const run = async (task: string): Promise<unknown> => {
      await queue.enqueue(task, request(1), undefined, 100);
      await queue.enqueue(task, request(2));
      expect(idsOf([await queue.peek(task), await queue.dequeue(task)])).toEqual([1, 1]);
      return queue.dequeueAll(task);
    };
    for (let round = 0; round < TASKS / 20; round += 1) {
      const taken = await Promise.all(Array.from({ length: 20 }, (_, task) => run(`${round}-${task}`)));
      expect(taken.flat()).toHaveLength(20);
    }
    await waitFor('the queues to go', async () => (await queuesOf(prefix)).length === 0);
  });

  test('removes idle empty queues, and the empty queues of a process that ends', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url, prefix, idleMs: 100 });
    await queue.enqueue('kept', request(1));
    await queue.enqueue('used', request(1));
    await queue.dequeue('used');
    await waitFor('the empty queue to go', async () => !(await queuesOf(prefix)).includes(`${prefix}mcp:queue:used`));
    // A process that ends waits two seconds for the removal, and on a busy machine a removal can take longer.
    await waitFor('a process that ends to leave no queue', async () => {
      const other = openQueue({ url, prefix });
      expect(await other.dequeueAll('ended')).toEqual([]);
      await other.close();
      return (await queuesOf(prefix)).join() === `${prefix}mcp:queue:kept`;
    });
    expect(idsOf(await queue.dequeueAll('kept'))).toEqual([1]);
  });

  test('loses no message while the empty queue is removed again and again', async () => {
    const prefix = freshPrefix();
    const [remover, other] = [openQueue({ url, prefix, idleMs: 1 }), openQueue({ url, prefix })];
    const taken: unknown[] = [];
    for (let id = 0; id < 100; id += 2) {
      await remover.enqueue('task', request(id));
      taken.push(...idsOf([await remover.dequeue('task')]));
      await other.enqueue('task', request(id + 1), undefined, 10);
      taken.push(...idsOf([await other.dequeue('task')]));
    }
    expect(taken).toEqual(Array.from({ length: 100 }, (_, id) => id));
  });

  test('uses a queue again that another process has removed', async () => {
    const prefix = freshPrefix();
    const [queue, other] = [openQueue({ url, prefix }), openQueue({ url, prefix })];
    await queue.enqueue('task', request(1));
    const remove = async (): Promise<void> => {
      const channel = await raw.createChannel();
      await channel.deleteQueue(`${prefix}mcp:queue:task`);
      await channel.close();
    };
    expect(idsOf(await other.dequeueAll('task'))).toEqual([1]);
    await remove();
    await queue.enqueue('task', request(2));
    expect(idsOf(await other.dequeueAll('task'))).toEqual([2]);
    await remove();
    expect(await queue.dequeue('task')).toBeUndefined();
  });

  test('reports a queue that has other settings', async () => {
    const prefix = freshPrefix();
    const channel = await raw.createChannel();
    const name = `${prefix}mcp:queue:task`;
    await channel.assertQueue(name, { durable: true, maxLength: 5 });
    const queue = openQueue({ url, prefix });
    const conflict = {
      code: 'ERR_QUEUE_TOPOLOGY',
      retryable: false,
      message: expect.stringMatching(/x-max-length.*"durable":true,"arguments":"none"/),
    };
    await expect(queue.enqueue('task', request(1))).rejects.toMatchObject(conflict);
    await expect(queue.dequeueAll('task')).rejects.toMatchObject(conflict);
    await expect(queue.dequeue('task')).rejects.toMatchObject(conflict);
    await expect(queue.waitForMessage('task')).rejects.toMatchObject(conflict);
    await channel.deleteQueue(name);
  });

  test('rejects a task id that is too long', async () => {
    const queue = openQueue({ url });
    const long = { code: 'ERR_QUEUE_CONFIG', message: expect.stringMatching(/300 bytes long: use at most \d+/) };
    await expect(queue.enqueue('x'.repeat(300), request(1))).rejects.toMatchObject(long);
  });

  test.each([{ ttlMs: 0 }, { ttlMs: 1.5 }, { recheckIntervalMs: 0 }, { idleMs: 2 ** 31 }])('refused: %j', (options) => {
    const invalid = expect.objectContaining({ code: 'ERR_QUEUE_CONFIG' });
    expect(() => new RabbitMQTaskMessageQueue({ url, ...options })).toThrow(invalid);
  });
});
