import { startRedis, startRedisCluster } from '@slack-mcp/brokers';
import { describeWithBroker, describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { type DedupeClaim, QueueTimeoutError } from '@slack-mcp/core';
import { Redis } from 'ioredis';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { openDedupeStore, RedisDedupeStore } from '../../src/dedupe-store/index.ts';
import { claim, freshPrefix, openStore } from './open-store.ts';

describeWithBroker('redis', (broker) => {
  const url = broker.env['REDIS_URL'] as string;
  const redis = new Redis(url, { lazyConnect: true });
  afterAll(() => redis.disconnect());

  /** Two replicas. */
  function two(options: { claimMs?: number } = {}) {
    const prefix = freshPrefix();
    const keyOf = (id: string) => `${prefix}published:${id}`;
    return { keyOf, one: openStore({ url, prefix, ...options }), other: openStore({ url, prefix, ...options }) };
  }

  test('shares published ids between replicas for the dedupe window', async () => {
    const { one, other, keyOf } = two();
    await (await claim(one, 'Ev1')).confirm();
    expect(await other.claim('Ev1', 1)).toBe('published');
    expect(await one.claim('Ev1', 1)).toBe('published');
    expect(await other.claim('Ev2', 1)).toHaveProperty('confirm');
    const leftMs = await redis.pttl(keyOf('Ev1'));
    expect(leftMs).toBeLessThanOrEqual(900_000);
    expect(leftMs).toBeGreaterThan(600_000);
  });

  test('grants a released claim to another replica at once', async () => {
    const { one, other } = two({ claimMs: 60_000 });
    await (await claim(one, 'Ev1')).release();
    expect(await other.claim('Ev1', 0)).toHaveProperty('confirm');
  });

  test.each([
    ['published', 'confirm', 'published'],
    ['released', 'release', { confirm: expect.any(Function), release: expect.any(Function) }],
  ] as const)('notifies a waiting replica that the id was %s', async (_name, outcome, expected) => {
    const { one, other } = two({ claimMs: 60_000 });
    const held = await claim(one, 'Ev1');
    const waiting = other.claim('Ev1', 30_000);
    expect(await Promise.race([waiting, one.claim('Ev1', 50).catch(() => 'waits')])).toBe('waits');
    await held[outcome]();
    expect(await waiting).toEqual(expected);
  });

  test('reports an unknown outcome when the wait times out', async () => {
    const { one, other } = two();
    await claim(one, 'Ev1');
    await expect(other.claim('Ev1', 30)).rejects.toBeInstanceOf(QueueTimeoutError);
  });

  test('finishes the confirmations in flight before it closes', async () => {
    const { one, other } = two();
    const claims = await Promise.all(Array.from({ length: 20 }, (_, n) => claim(one, `Ev${n}`)));
    const confirmed = Promise.allSettled(claims.map((held) => held.confirm()));
    await one.close();
    expect((await confirmed).filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await other.claim('Ev19', 0)).toBe('published');
  });

  test('grants one of many concurrent claims, and another one after a failure', async () => {
    const { one, other } = two({ claimMs: 60_000 });
    const first = await claim(one, 'Ev1');
    const others = Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).claim('Ev1', 30_000));
    await first.release();
    const next = await Promise.race(others);
    if (next === 'published') throw new Error('no replica has published it');
    await next.confirm();
    const outcomes = await Promise.all(others);
    expect(outcomes.filter((outcome) => outcome !== 'published')).toHaveLength(1);
  });

  test('grants a claim again after it has expired', async () => {
    const { one, other, keyOf } = two({ claimMs: 150 });
    await claim(one, 'Ev1');
    expect(await redis.pttl(keyOf('Ev1'))).toBeLessThanOrEqual(150);
    expect(await other.claim('Ev1', 30_000)).toHaveProperty('confirm');
  });

  test('an expired claim cannot release another one, but can still be confirmed', async () => {
    const prefix = freshPrefix();
    const brief = openStore({ url, prefix, claimMs: 1 });
    const other = openStore({ url, prefix, claimMs: 60_000 });
    const late = await claim(brief, 'Ev1');
    const held = await claim(other, 'Ev1');
    await late.release();
    await expect(brief.claim('Ev1', 0)).rejects.toBeInstanceOf(QueueTimeoutError);
    await late.confirm();
    await held.release();
    expect(await other.claim('Ev1', 0)).toBe('published');
  });

  test('distinguishes any two ids', async () => {
    const { one, other } = two();
    const ids = ['', 'a', '{a}', 'a}', 'é 💬', ' a', 'published', 'a:b', 'x'.repeat(10_000)];
    for (const id of ids) await (await claim(one, id)).confirm();
    for (const id of ids) expect(await other.claim(id, 1)).toBe('published');
    for (const id of ['b', '{b}', 'é']) expect(await other.claim(id, 1)).toHaveProperty('confirm');
  });

  test('close() waits for confirmations and ends pending claims', async () => {
    const { one, other } = two();
    const held = await claim(one, 'Ev1');
    const waiting = expect(other.claim('Ev1', 30_000)).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
    const confirmed = held.confirm();
    await one.close();
    await confirmed;
    await other.close();
    await Promise.allSettled([waiting]);
    await expect(one.claim('Ev2', 1)).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' });
  });

  test('reads the variables of the Redis backend', async () => {
    const env = { ...broker.env, REDIS_PREFIX: freshPrefix(), REDIS_DEDUPE_WINDOW_MS: '60000' };
    const store = openDedupeStore(env);
    onTestFinished(() => store.close());
    await ((await store.claim('Ev1', 1)) as DedupeClaim).confirm();
    expect(await redis.pttl(`${env.REDIS_PREFIX}published:Ev1`)).toBeLessThanOrEqual(60_000);
    expect(await store.health()).toEqual({ status: 'up', detail: { endpoint: expect.stringContaining('redis://') } });
  });
});

describeWithOwnBroker('a Redis Cluster', startRedisCluster, ({ masters }) => {
  test('works with ids in different slots', async () => {
    const cluster = masters.map(({ port }) => ({ host: '127.0.0.1', port }));
    const prefix = freshPrefix();
    const [one, other] = [openStore({ cluster, prefix }), openStore({ cluster, prefix })];
    for (let n = 0; n < 20; n += 1) {
      await (await claim(one, `Released${n}`)).release();
      await (await claim(one, `Ev${n}`)).confirm();
      expect(await other.claim(`Ev${n}`, 1)).toBe('published');
      expect(await other.claim(`Released${n}`, 1)).toHaveProperty('confirm');
    }
  });
});

describeWithOwnBroker(
  'a redis with users',
  () => startRedis({ users: ['slack on >secret ~app:published:* +@all -@admin', 'stranger on >secret ~x:* +@all'] }),
  ({ port }) => {
    const as = (user: string) => ({ url: `redis://${user}:secret@127.0.0.1:${port}`, prefix: 'app:' });

    test('needs only the permissions in the README, and names them when they are missing', async () => {
      await (await claim(openStore(as('slack')), 'Ev1')).confirm();
      const refusal = { code: 'ERR_QUEUE_AUTH', message: expect.stringContaining('~app:published:*') };
      await expect(openStore(as('stranger')).claim('Ev1', 1)).rejects.toMatchObject(refusal);
    });
  },
);

test.each([{ claimMs: 0 }, { answerTimeoutMs: 1.5 }, { claimMs: Number.NaN }])(
  'rejects %j as a duration',
  (options) => {
    expect(() => new RedisDedupeStore({ url: 'redis://localhost', ...options })).toThrow(
      /use a whole number of millisec/,
    );
  },
);
