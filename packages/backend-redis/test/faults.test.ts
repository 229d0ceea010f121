import { createFaultProxy, startRedis, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import { freshBackend, freshPrefix, KEY, numbersOf, publish, range, receive, receiveMany } from './fresh-backend.ts';

describeWithOwnBroker(
  'redis under faults',
  () => startRedis({ appendfsync: 'always' }),
  (broker) => {
    const admin = new Redis(broker.url, { maxRetriesPerRequest: null });
    admin.on('error', () => {});
    afterAll(() => admin.disconnect());

    test('repeats a publish whose answer was lost and stores it once, with and without its own id', async () => {
      await using proxy = await createFaultProxy({ target: broker });
      const prefix = freshPrefix();
      const url = `redis://127.0.0.1:${proxy.port}`;
      const backend = freshBackend({ url, prefix, responseTimeoutMs: 300 });
      await publish(backend, [0]);
      proxy.drop('to-client');
      const publishing = [publish(backend, range(10, 1)), backend.publish(KEY, { n: 11 }, { messageId: 'Ev11' })];
      await waitFor('the broker to store the messages', async () => (await admin.xlen(`${prefix}${KEY}`)) === 12);
      await waitFor('the answer to be lost', () => proxy.droppedBytes > 0);
      await proxy.heal();
      await Promise.all(publishing);
      expect(await admin.xlen(`${prefix}${KEY}`)).toBe(12);
    });

    test('redelivers messages that were lost with the connection to the same consumer, counted once', async () => {
      await using proxy = await createFaultProxy({ target: broker });
      const prefix = freshPrefix();
      const publisher = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
      const url = `redis://127.0.0.1:${proxy.port}`;
      const consumer = freshBackend({ url, prefix, leaseMs: 60_000, responseTimeoutMs: 500 });
      const subscription = consumer.consume({ group: 'workers' });
      await subscription.ready;
      await publish(publisher, [0]);
      await receive(subscription);
      proxy.drop('to-client');
      await publish(publisher, range(5, 1));
      await waitFor('the broker to deliver the messages', async () => {
        const [pending] = (await admin.xpending(`${prefix}${KEY}`, 'workers')) as [number];
        return pending >= 5 && proxy.droppedBytes > 0;
      });
      await proxy.heal();
      const messages = await receiveMany(subscription, 5);
      expect(numbersOf(messages)).toEqual(range(5, 1));
      expect(messages.map(({ metadata }) => metadata.retryCount)).toEqual([0, 0, 0, 0, 0]);
    });

    test('loses no message of an independent consumer while its connections break', async () => {
      await using proxy = await createFaultProxy({ target: broker });
      const prefix = freshPrefix();
      const publisher = freshBackend({ url: broker.url, prefix });
      const consumer = freshBackend({ url: `redis://127.0.0.1:${proxy.port}`, prefix, retryDelayMs: 10 });
      const subscription = consumer.consume();
      await subscription.ready;
      const reading = receiveMany(subscription, 200);
      for (const n of range(200)) {
        if (n % 20 === 0) proxy.reset();
        await publisher.publish(KEY, { n });
      }
      expect(numbersOf(await reading)).toEqual(range(200));
    });

    test('keeps every confirmed message when the broker is killed while it stores and delivers', async () => {
      const backend = freshBackend({ url: broker.url, groups: ['workers'], retryDelayMs: 10, leaseMs: 2_000 });
      const subscription = backend.consume({ group: 'workers' });
      await subscription.ready;
      const missing = new Set(range(300));
      const reading = (async () => {
        while (missing.size > 0) missing.delete((await receive(subscription)).payload['n'] as number);
      })();
      for (const n of range(300)) {
        if (n === 100 || n === 200) {
          await broker.kill();
          void broker.restart();
        }
        await backend.publish(KEY, { n });
      }
      await reading;
    });

    test('keeps the message of a handler that is slower than the lease, even when connections break', async () => {
      const prefix = freshPrefix();
      const settings = { url: broker.url, prefix, leaseMs: 2_000, retryDelayMs: 10 };
      const backend = freshBackend({ ...settings, groups: ['workers'] });
      await publish(backend, [1]);
      const busy = backend.consume({ group: 'workers', ack: 'manual' });
      const slow = await receive(busy);
      const others = freshBackend(settings).consume({ group: 'workers' });
      const other = others.next();
      let delivered = false;
      void other.then(() => {
        delivered = true;
      });
      const stream = `${prefix}${KEY}`;
      const start = performance.now();
      await broker.closeConnections();
      await waitFor('two leases to pass', () => performance.now() - start > 4_500);
      expect(delivered).toBe(false);
      await slow.ack();
      expect(((await admin.xpending(stream, 'workers')) as [number])[0]).toBe(0);
      await busy.close();
      await publish(backend, [2]);
      expect((await other).value?.payload).toEqual({ n: 2 });
    });

    test('parks a message whose consumers keep dying', async () => {
      const prefix = freshPrefix();
      const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'], leaseMs: 200, maxDeliveries: 3 });
      await publish(backend, [1]);
      const stream = `${prefix}${KEY}`;
      await admin.xreadgroup('GROUP', 'workers', 'crashed-0', 'COUNT', 1, 'STREAMS', stream, '>');
      // Each client that takes the message increases the count, like a delivery that begins.
      for (const round of [1, 2, 3]) {
        const [[id]] = (await admin.xpending(stream, 'workers', '-', '+', 1)) as [[string]];
        await admin.xclaim(stream, 'workers', `crashed-${round}`, 0, id);
      }
      const subscription = backend.consume({ group: 'workers' });
      await subscription.ready;
      const items = await waitFor('the message to be parked', async () => {
        const page = await backend.deadLetters({ group: 'workers' }).list();
        return page.items.length === 1 && page.items;
      });
      expect(items[0]).toMatchObject({ payload: { n: 1 }, retryCount: 0, reason: { code: 'MAX_DELIVERIES' } });
      expect(((await admin.xpending(stream, 'workers')) as [number])[0]).toBe(0);
    });

    test('keeps a delay when the consumer that nacked the message dies', async () => {
      const prefix = freshPrefix();
      const settings = { url: broker.url, prefix, leaseMs: 200 };
      const backend = freshBackend({ ...settings, groups: ['workers'] });
      await publish(backend, [1]);
      const leaving = backend.consume({ group: 'workers', ack: 'manual' });
      const start = performance.now();
      await (await receive(leaving)).nack({ delayMs: 1_500 });
      await leaving.close({ drainTimeoutMs: 0 });
      const again = await receive(freshBackend(settings).consume({ group: 'workers' }));
      expect(performance.now() - start).toBeGreaterThanOrEqual(1_490);
      expect(again.metadata.retryCount).toBe(1);
    });

    test('closes within the drain time when Redis does not respond', async () => {
      await using proxy = await createFaultProxy({ target: broker });
      const backend = freshBackend({ url: `redis://127.0.0.1:${proxy.port}`, groups: ['workers'] });
      await publish(backend, [1]);
      await receive(backend.consume({ group: 'workers', ack: 'manual' }));
      proxy.blackhole();
      const start = performance.now();
      await backend.close({ drainTimeoutMs: 1_500 });
      // Allow one more second for releasing the message.
      expect(performance.now() - start).toBeLessThan(3_500);
    });

    test('removes a member from the group once it holds nothing', async () => {
      const prefix = freshPrefix();
      const stream = `${prefix}${KEY}`;
      const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
      const names = async (): Promise<number> =>
        ((await admin.xinfo('CONSUMERS', stream, 'workers')) as unknown[]).length;
      const first = backend.consume({ group: 'workers' });
      const second = backend.consume({ group: 'workers' });
      await Promise.all([first.ready, second.ready]);
      expect(await names()).toBe(2);
      await first.close();
      expect(await names()).toBe(1);
      await second.close();
      expect(await names()).toBe(0);
    });
  },
);
