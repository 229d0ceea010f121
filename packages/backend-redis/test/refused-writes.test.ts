import { createFaultProxy, startRedis, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { silentLogger } from '@slack-mcp/core';
import { Redis } from 'ioredis';
import { afterAll, afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { freshBackend, KEY, publish, receive } from './fresh-backend.ts';

describeWithOwnBroker(
  'a redis with too few replicas',
  () => startRedis(),
  (broker) => {
    const admin = new Redis(broker.url);
    afterAll(() => admin.disconnect());
    afterEach(async () => void (await admin.config('SET', 'min-replicas-to-write', 0)));

    test('is degraded and reports why', async () => {
      const backend = freshBackend({ url: broker.url });
      expect((await backend.health()).status).toBe('up');
      await admin.config('SET', 'min-replicas-to-write', 1);
      expect(await backend.health()).toMatchObject({
        status: 'degraded',
        detail: { problem: expect.stringContaining('min-replicas-to-write') },
      });
    });

    test('logs once why joining has to wait', async () => {
      const warn = vi.fn();
      const backend = freshBackend({ url: broker.url, retryDelayMs: 10, logger: { ...silentLogger, warn } });
      await admin.config('SET', 'min-replicas-to-write', 1);
      await admin.config('RESETSTAT');
      const subscription = backend.consume({ group: 'workers', from: 'earliest' });
      await waitFor('some attempts', async () => {
        const calls = /cmdstat_evalsha:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1];
        return Number(calls) > 3 && warn.mock.calls.length > 0;
      });
      expect(warn.mock.calls).toMatchObject([
        [{ err: { message: expect.stringContaining('NOREPLICAS') } }, 'queue_join_failed'],
      ]);
      await admin.config('SET', 'min-replicas-to-write', 0);
      await publish(backend, [1]);
      expect((await receive(subscription)).payload).toEqual({ n: 1 });
    });

    test('logs once why an independent consumer has to wait, and starts when Redis is available', async () => {
      const proxy = await createFaultProxy({ target: broker });
      onTestFinished(() => proxy.close());
      proxy.refuse();
      const warn = vi.fn();
      const url = `redis://127.0.0.1:${proxy.port}`;
      const backend = freshBackend({ url, retryDelayMs: 10, logger: { ...silentLogger, warn } });
      const subscription = backend.consume();
      const reasons = (): unknown[] => warn.mock.calls.filter(([, event]) => event === 'queue_join_failed');
      await waitFor('the reason to be logged', () => reasons().length > 0);
      proxy.heal();
      await subscription.ready;
      const texts = reasons().map((call) => String((call as [{ err: Error }])[0].err.message));
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts[0]).toMatch(/^reading .* at redis:/);
    });

    test('reports the last reply of Redis when a publish times out', async () => {
      const backend = freshBackend({ url: broker.url, retryDelayMs: 10 });
      await admin.config('SET', 'min-replicas-to-write', 1);
      await expect(backend.publish(KEY, {}, { timeoutMs: 500 })).rejects.toMatchObject({
        code: 'ERR_QUEUE_TIMEOUT',
        cause: { message: expect.stringContaining('NOREPLICAS') },
        message: expect.stringContaining('NOREPLICAS'),
      });
    });
  },
);
