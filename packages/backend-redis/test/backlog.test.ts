import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import type { Subscription } from '@slack-mcp/core';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import type { RedisConnection } from '../src/client.ts';
import { redisHealth } from '../src/health.ts';
import type { RedisBackend } from '../src/index.ts';
import { resolveOptions } from '../src/options.ts';
import { freshBackend, freshPrefix, KEY, publish, range, receive } from './fresh-backend.ts';

// Redis says what a group lags behind from 7.0 on, and only while nothing was deleted that it was not given yet.
describeWithBroker('redis', (broker) => {
  const admin = new Redis(broker.url);
  afterAll(() => admin.disconnect());

  /** From now on Redis does not say what groups lag behind that did not get this far. */
  async function hideLag(stream: string): Promise<void> {
    await admin.eval(`redis.call('XDEL', KEYS[1], redis.call('XADD', KEYS[1], '*', 'data', '{}'))`, 1, stream);
  }

  async function workOff(subscription: Subscription, count: number): Promise<void> {
    for (let done = 0; done < count; done += 1) await (await receive(subscription)).ack();
  }

  /** How many messages are taken until one is refused. */
  async function room(backend: RedisBackend): Promise<number> {
    for (let count = 0; ; count += 1) {
      const refusal = await backend.publish(KEY, { n: count }).catch((error: unknown) => error);
      if (refusal === undefined) continue;
      expect(refusal).toMatchObject({ code: 'ERR_QUEUE_FULL' });
      return count;
    }
  }

  test('a deleted entry makes no queue full, and history does not count as owed', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'], maxBacklog: 20 });
    await publish(backend, range(15));
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    await workOff(subscription, 15);
    await subscription.close();
    await publish(backend, range(10));
    await hideLag(`${prefix}${KEY}`);
    expect(await backend.health()).toMatchObject({
      status: 'up',
      detail: { full: false, [`${KEY}/workers owed`]: 10 },
    });
    expect(await room(backend)).toBe(10);
    expect(await backend.health()).toMatchObject({
      status: 'degraded',
      detail: { full: true, [`${KEY}/workers owed`]: 20 },
    });
  });

  test('what is owed is counted to the message while history grows behind one in hand, and is trimmed', async () => {
    const prefix = freshPrefix();
    const stream = `${prefix}${KEY}`;
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'], maxBacklog: 400, maxLength: 10 });
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    await publish(backend, [0]);
    const pinned = await receive(subscription);
    for (let round = 0; round < 4; round += 1) {
      await publish(backend, range(300));
      await hideLag(stream);
      await workOff(subscription, 300);
    }
    expect(await admin.xlen(stream)).toBe(1_201);
    expect(await room(backend)).toBe(399);
    await pinned.ack();
    await workOff(subscription, 399);
    for (let round = 0; round < 2; round += 1) {
      await publish(backend, range(300));
      await hideLag(stream);
      await workOff(subscription, 300);
    }
    expect(await admin.xlen(stream)).toBeLessThan(600);
    expect(await room(backend)).toBe(400);
  });

  test('counting takes several steps where much is to be counted, and refuses nothing meanwhile', async () => {
    const prefix = freshPrefix();
    const stream = `${prefix}${KEY}`;
    const filler = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
    await publish(filler, range(3_500));
    await workOff(filler.consume({ group: 'workers', ack: 'manual' }), 3_500);
    await hideLag(stream);
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'], maxBacklog: 50 });
    expect(await backend.health()).toMatchObject({
      status: 'up',
      detail: { [`${KEY}/workers owed`]: 'at most 3500' },
    });
    // Until all is counted nothing is refused: what gets through meanwhile is bounded.
    const taken = await room(backend);
    expect(taken).toBeGreaterThanOrEqual(50);
    expect(taken).toBeLessThanOrEqual(50 + 4 * 64);
  });

  test('health() says when a key holds something else', async () => {
    const prefix = freshPrefix();
    await admin.set(`${prefix}${KEY}`, 'somebody else’s');
    const backend = freshBackend({ url: broker.url, prefix });
    expect(await backend.health()).toMatchObject({
      status: 'down',
      detail: { code: 'ERR_QUEUE_TOPOLOGY', problem: expect.stringContaining('not a stream') },
    });
  });

  test('health() says when Redis failed to write to its disk', async () => {
    const failing = (command: string, ...args: (string | number)[]): Promise<unknown> =>
      args[0] === 'persistence'
        ? Promise.resolve('aof_enabled:1\r\naof_last_write_status:err\r\nrdb_last_bgsave_status:ok\r\n')
        : admin.call(command, ...args);
    const callEach = async (...args: [string, string]): Promise<unknown[]> => [await failing(...args)];
    const connection = { call: failing, callEach, ping: () => admin.ping() } as unknown as RedisConnection;
    const options = resolveOptions({ url: broker.url, prefix: freshPrefix() });
    const { status, detail } = await redisHealth(connection, options, 0);
    expect(status).toBe('degraded');
    expect(detail['problem']).toMatch(/failed to write to its disk/);
  });
});
