import { createFaultProxy, type FaultProxy, startRabbitMQ, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { idsOf, request } from '@slack-mcp/test-support/task-queue';
import { expect, onTestFinished, test } from 'vitest';
import { freshPrefix, openQueue } from './fresh-tasks.ts';

/** Long enough that only an announcement can have ended a wait. */
const never = 2 ** 31 - 1;

describeWithOwnBroker('outages of RabbitMQ', startRabbitMQ, (broker) => {
  async function proxied(): Promise<{ proxy: FaultProxy; url: string }> {
    const proxy = await createFaultProxy({ target: broker });
    onTestFinished(() => proxy.close());
    return { proxy, url: `amqp://guest:guest@${proxy.host}:${proxy.port}` };
  }

  test('keeps messages and waiting callers through a crash of the broker', async () => {
    const prefix = freshPrefix();
    const consumer = openQueue({ url: broker.url, prefix, recheckIntervalMs: never });
    const producer = openQueue({ url: broker.url, prefix });
    for (const id of [1, 2, 3]) await producer.enqueue('other', request(id));
    expect(idsOf([await consumer.peek('other')])).toEqual([1]);
    const waiting = consumer.waitForMessage('task');
    await broker.kill();
    const queueing = producer.enqueue('task', request(4), undefined, 5);
    await broker.restart();
    await queueing;
    expect(await waiting).toBe(true);
    expect(idsOf([await consumer.dequeue('task')])).toEqual([4]);
    expect(idsOf(await consumer.dequeueAll('other'))).toEqual([1, 2, 3]);
  });

  test('connects again when its connections are closed', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url: broker.url, prefix });
    for (const id of [1, 2]) await queue.enqueue('task', request(id));
    expect(idsOf([await queue.dequeue('task')])).toEqual([1]);
    const waiting = queue.waitForMessage('later');
    await broker.closeConnections();
    await queue.enqueue('task', request(3));
    await queue.enqueue('later', request(4));
    expect(idsOf(await queue.dequeueAll('task'))).toEqual([2, 3]);
    expect(await waiting).toBe(true);
  });

  test('delivers a message once whose confirm was lost', async () => {
    const prefix = freshPrefix();
    const { proxy, url } = await proxied();
    const far = openQueue({ url, prefix });
    const near = openQueue({ url: broker.url, prefix });
    await far.enqueue('task', request(1));
    proxy.drop('to-client');
    const queueing = far.enqueue('task', request(2));
    await waitFor('RabbitMQ to store the message', async () => (await near.size('task')) === 2);
    await proxy.heal();
    await queueing;
    expect(idsOf(await near.dequeueAll('task'))).toEqual([1, 2]);
  });

  test('delivers a message once whose ack was lost', async () => {
    const prefix = freshPrefix();
    const { proxy, url } = await proxied();
    const far = openQueue({ url, prefix });
    for (const id of [1, 2]) await far.enqueue('task', request(id));
    expect(await far.size('task')).toBe(2);
    proxy.stall('to-broker');
    const reading = far.size('warm');
    proxy.reset();
    await proxy.heal();
    await reading;
    expect(idsOf([await far.dequeue('task'), await far.dequeue('task')])).toEqual([1, 2]);
    expect(await far.dequeue('task')).toBeUndefined();
  });

  test('loses no message when an answer is lost', async () => {
    const prefix = freshPrefix();
    const { proxy, url } = await proxied();
    const near = openQueue({ url: broker.url, prefix });
    const far = openQueue({ url, prefix });
    for (const id of [1, 2, 3]) await near.enqueue('task', request(id));
    expect(await far.size('task')).toBe(3);
    proxy.drop('to-client');
    const taking = far.dequeue('task');
    await waitFor('RabbitMQ to send the message', async () => (await near.size('task')) === 2);
    await proxy.heal();
    expect(idsOf([await taking])).toEqual([1]);
    expect(idsOf(await near.dequeueAll('task'))).toEqual([2, 3]);
  });

  test('gives up a silent connection, and rejects in time while RabbitMQ is away', async () => {
    const { proxy, url } = await proxied();
    const queue = openQueue({ url, timeoutMs: 1_000, heartbeatMs: 1_000 });
    await queue.enqueue('task', request(1));
    proxy.blackhole();
    await expect(queue.dequeue('task')).rejects.toMatchObject({ retryable: true });
    await expect(queue.enqueue('task', request(2))).rejects.toMatchObject({ retryable: true });
    expect(await queue.waitForMessage('other', { timeoutMs: 100 })).toBe(false);
    await proxy.heal();
    await waitFor('the connection', () => queue.dequeue('task'));
  });

  test('reads while an alarm stops all publishers, and says why nothing is stored', async () => {
    const prefix = freshPrefix();
    const queue = openQueue({ url: broker.url, prefix, timeoutMs: 2_000 });
    const warm = openQueue({ url: broker.url, prefix });
    await warm.enqueue('task', request(1));
    await queue.enqueue('task', request(2));
    await broker.alarms.raise('memory');
    try {
      await expect(queue.enqueue('task', request(3))).rejects.toMatchObject({
        code: 'ERR_QUEUE_TIMEOUT',
        retryable: true,
        message: expect.stringMatching(/RabbitMQ accepts no messages \(low on memory\)/),
      });
      expect(idsOf([await queue.dequeue('task')])).toEqual([1]);
    } finally {
      await broker.alarms.clear('memory');
    }
    await warm.enqueue('task', request(4));
    expect(idsOf(await warm.dequeueAll('task'))).toEqual(expect.arrayContaining([2, 4]));
  });

  test('works in a virtual host whose queues are quorum queues', async () => {
    const { management } = broker;
    await management.request('PUT', 'vhosts/quorum', { default_queue_type: 'quorum' });
    await management.request('PUT', 'permissions/quorum/guest', { configure: '.*', write: '.*', read: '.*' });
    const url = `${broker.url}/quorum`;
    const [queue, other] = [openQueue({ url, prefix: '' }), openQueue({ url, prefix: '' })];
    for (const id of [1, 2]) await queue.enqueue('task', request(id), undefined, 5);
    for (let count = 0; count < 30; count += 1) expect(idsOf([await queue.peek('task')])).toEqual([1]);
    // A quorum queue counts a message that was put back only once its members have agreed.
    await waitFor('both messages to be counted', async () => (await queue.size('task')) === 2);
    expect(idsOf([await queue.dequeue('task')])).toEqual([1]);
    expect(idsOf(await other.dequeueAll('task'))).toEqual([2]);
    await waitFor('the queue to go', async () => {
      const queues = (await management.request('GET', 'queues/quorum?columns=name')) as { name: string }[];
      return !queues.some(({ name }) => name.includes('mcp:queue:'));
    });
  });
});
