import { startRedis, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import type { QueueError } from '@slack-mcp/core';
import { Redis } from 'ioredis';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { RedisBackend } from '../src/index.ts';
import { freshBackend, freshPrefix, KEY, numbersOf, publish, range, receive, receiveMany } from './fresh-backend.ts';

describeWithOwnBroker(
  'a redis whose memory is full',
  () => startRedis(),
  (broker) => {
    const admin = new Redis(broker.url);
    afterAll(() => admin.disconnect());
    afterEach(() => admin.config('SET', 'maxmemory', '0'));

    /** Makes Redis refuse new messages. */
    const fill = (): Promise<unknown> => admin.config('SET', 'maxmemory', '100kb');

    const refusal = (backend: RedisBackend): Promise<QueueError | undefined> =>
      backend.publish(KEY, { n: -1 }).then(
        () => undefined,
        (error: QueueError) => error,
      );

    test('lets members join new and existing groups, consume waiting messages, and leave', async () => {
      const prefix = freshPrefix();
      const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
      await publish(backend, range(3));
      await fill();
      expect(await refusal(backend)).toMatchObject({ code: 'ERR_QUEUE_PUBLISH', retryable: true });
      for (const group of ['workers', 'newcomers']) {
        const subscription = backend.consume({ group, ack: 'manual' });
        const messages = await receiveMany(subscription, 3);
        expect(numbersOf(messages)).toEqual(range(3));
        await Promise.all(messages.map((message) => message.ack()));
        await subscription.close();
        expect(await admin.xinfo('CONSUMERS', `${prefix}${KEY}`, group)).toEqual([]);
      }
    });

    test('lets messages be delayed, released, parked and redriven', async () => {
      const backend = freshBackend({ url: broker.url, groups: ['workers'], leaseMs: 200 });
      await publish(backend, range(2));
      await fill();
      const subscription = backend.consume({ group: 'workers', ack: 'manual' });
      const [first, second] = await receiveMany(subscription, 2);
      await first?.nack({ delayMs: 1_000 });
      await second?.deadLetter({ code: 'TEST' });
      await subscription.close();
      const letters = backend.deadLetters({ group: 'workers' });
      expect((await letters.list()).items).toHaveLength(1);
      expect(await letters.redrive('all')).toBe(1);
      const again = await receiveMany(backend.consume({ group: 'workers' }), 2);
      expect(new Set(numbersOf(again))).toEqual(new Set([0, 1]));
    });

    test('parks messages that cannot be decoded or killed their consumers, and delivers the others', async () => {
      const prefix = freshPrefix();
      const stream = `${prefix}${KEY}`;
      const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'], leaseMs: 200, maxDeliveries: 2 });
      await publish(backend, [0]);
      await admin.xreadgroup('GROUP', 'workers', 'crashed', 'COUNT', 1, 'STREAMS', stream, '>');
      const [[id]] = (await admin.xpending(stream, 'workers', '-', '+', 1)) as [[string]];
      for (const name of ['crashed-too', 'crashed-again']) await admin.xclaim(stream, 'workers', name, 0, id);
      await admin.xadd(stream, '*', 'data', 'not JSON');
      await publish(backend, [1]);
      await fill();
      expect(numbersOf([await receive(backend.consume({ group: 'workers' }))])).toEqual([1]);
      const codes = await waitFor('both messages to be parked', async () => {
        const { items } = await backend.deadLetters({ group: 'workers' }).list();
        return items.length === 2 && items.map(({ reason }) => reason.code);
      });
      expect(new Set(codes)).toEqual(new Set(['UNDECODABLE', 'MAX_DELIVERIES']));
    });

    test('trims history that every group has acknowledged before it refuses a message', async () => {
      const prefix = freshPrefix();
      const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
      const text = 'x'.repeat(10_000);
      await Promise.all(range(200).map((n) => backend.publish(KEY, { n, text })));
      const subscription = backend.consume({ group: 'workers', ack: 'manual', prefetch: 300 });
      const messages = await receiveMany(subscription, 200);
      await Promise.all(messages.slice(0, 150).map((message) => message.ack()));
      const used = Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
      await admin.config('SET', 'maxmemory', used - 500_000);
      await backend.publish(KEY, { n: 200 });
      expect(await admin.xlen(`${prefix}${KEY}`)).toBeLessThan(60);
      // Unacknowledged messages stay, and new ones are refused.
      expect(await admin.xlen(`${prefix}${KEY}`)).toBeGreaterThanOrEqual(51);
      await fill();
      expect(await refusal(backend)).toMatchObject({ code: 'ERR_QUEUE_PUBLISH' });
      expect(await admin.xlen(`${prefix}${KEY}`)).toBeGreaterThanOrEqual(51);
    });

    test('is reported by health(), which writes nothing', async () => {
      const prefix = freshPrefix();
      const backend = freshBackend({ url: broker.url, prefix });
      expect(await backend.health()).toMatchObject({ status: 'up' });
      await fill();
      const before = await admin.info('persistence');
      const { status, detail } = await backend.health();
      expect(status).toBe('degraded');
      expect(detail['problem']).toMatch(/memory of Redis is \d+ % full.*maxmemory/);
      const changes = (text: string): string | undefined => /aof_current_size:\d+/.exec(text)?.[0];
      expect(changes(await admin.info('persistence'))).toBe(changes(before));
      expect(await admin.keys(`*${prefix}*`)).toEqual([]);
    });
  },
);
