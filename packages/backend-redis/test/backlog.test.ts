import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import type { Subscription } from '@slack-mcp/core';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import type { RedisConnection } from '../src/client.ts';
import { redisHealth } from '../src/health.ts';
import type { RedisBackend } from '../src/index.ts';
import { resolveOptions } from '../src/options.ts';
import { freshBackend, freshPrefix, KEY, publish, range, receive } from './fresh-backend.ts';

// Redis reports the lag of a group since 7.0, and only while no undelivered entry has been deleted.
describeWithBroker('redis', (broker) => {
  const admin = new Redis(broker.url);
  afterAll(() => admin.disconnect());

  /** Makes Redis stop reporting the lag of groups that have not read this far. */
  async function hideLag(stream: string): Promise<void> {
    await admin.eval(`redis.call('XDEL', KEYS[1], redis.call('XADD', KEYS[1], '*', 'data', '{}'))`, 1, stream);
  }

  async function workOff(subscription: Subscription, count: number): Promise<void> {
    for (let done = 0; done < count; done += 1) await (await receive(subscription)).ack();
  }

  /** The number of messages that are stored before one is refused. */
  async function room(backend: RedisBackend): Promise<number> {
    for (let count = 0; ; count += 1) {
      const refusal = await backend.publish(KEY, { n: count }).catch((error: unknown) => error);
      if (refusal === undefined) continue;
      expect(refusal).toMatchObject({ code: 'ERR_QUEUE_FULL' });
      return count;
    }
  }

  test('does not count deleted entries and history towards the limit of a queue', async () => {
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
      groups: [{ key: KEY, group: 'workers', lag: 10, deadLetters: 0 }],
      detail: { full: false, [`${KEY}/workers undelivered`]: 10 },
    });
    expect(await room(backend)).toBe(10);
    expect(await backend.health()).toMatchObject({
      status: 'degraded',
      detail: { full: true, [`${KEY}/workers undelivered`]: 20 },
    });
  });

  test('reports the age of the oldest unsettled message of each group, and its dead letters', async () => {
    const backend = freshBackend({ url: broker.url, groups: ['workers'] });
    await publish(backend, range(2));
    const age = async (): Promise<number | undefined> => (await backend.health()).groups?.[0]?.oldestAgeMs;
    await expect.poll(age, { timeout: 10_000 }).toBeGreaterThan(20);
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    const [first, second] = [await receive(subscription), await receive(subscription)];
    // A message in flight is not settled.
    expect(await age()).toBeGreaterThan(20);
    await first.ack();
    await second.deadLetter({ code: 'TEST' });
    expect(await backend.health()).toMatchObject({
      groups: [{ key: KEY, group: 'workers', lag: 0, oldestAgeMs: 0, deadLetters: 1 }],
    });
    await subscription.close();
  });

  test('counts unacknowledged messages exactly while history grows and is trimmed around one in flight', async () => {
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

  test('counts a long history in several steps and refuses nothing in the meantime', async () => {
    const prefix = freshPrefix();
    const stream = `${prefix}${KEY}`;
    const filler = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
    await publish(filler, range(3_500));
    await workOff(filler.consume({ group: 'workers', ack: 'manual' }), 3_500);
    await hideLag(stream);
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'], maxBacklog: 50 });
    expect(await backend.health()).toMatchObject({
      status: 'up',
      detail: { [`${KEY}/workers undelivered`]: 'at most 3500' },
    });
    // Nothing is refused until everything is counted. The number of messages stored until then is limited.
    const taken = await room(backend);
    expect(taken).toBeGreaterThanOrEqual(50);
    expect(taken).toBeLessThanOrEqual(50 + 4 * 64);
  });

  test('health() reports a key that holds another type', async () => {
    const prefix = freshPrefix();
    await admin.set(`${prefix}${KEY}`, 'another program’s');
    const backend = freshBackend({ url: broker.url, prefix });
    expect(await backend.health()).toMatchObject({
      status: 'down',
      detail: { code: 'ERR_QUEUE_TOPOLOGY', problem: expect.stringContaining('not a stream') },
    });
  });

  test('health() reports that Redis failed to write to its disk', async () => {
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
