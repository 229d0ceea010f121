import { createFaultProxy, namespace, startRedis } from '@slack-mcp/brokers';
import { describeWithBroker, describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import {
  openIdempotencyStore,
  RedisIdempotencyStore,
  type RedisIdempotencyStoreOptions,
} from '../../src/idempotency-store/index.ts';

const freshPrefix = () => `${namespace('idempotency')}:`;

function openStore(options: RedisIdempotencyStoreOptions): RedisIdempotencyStore {
  const store = new RedisIdempotencyStore(options);
  onTestFinished(() => store.close());
  return store;
}

describeWithBroker('redis', (broker) => {
  const url = broker.env['REDIS_URL'] as string;
  const redis = new Redis(url, { lazyConnect: true });
  afterAll(() => redis.disconnect());

  /** Two replicas. */
  function two(options: Partial<RedisIdempotencyStoreOptions> = {}) {
    const prefix = freshPrefix();
    const open = () => openStore({ url, prefix, ...options });
    return { prefix, one: open(), other: open() };
  }

  test('grants one of many concurrent claims, and gives its result to the others', async () => {
    const { one, other } = two();
    expect(await one.claim('key', 'f')).toBeUndefined();
    const waiting = Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).claim('key', 'f'));
    await one.complete('key', { ts: '1' });
    for (const record of await Promise.all(waiting)) expect(record).toEqual({ fingerprint: 'f', result: { ts: '1' } });
    expect(await other.claim('key', 'f')).toEqual({ fingerprint: 'f', result: { ts: '1' } });
  });

  test('grants a released key to one waiting replica', async () => {
    const { one, other } = two();
    await one.claim('key', 'f');
    const waiting = other.claim('key', 'f');
    await one.release('key');
    expect(await waiting).toBeUndefined();
    await other.complete('key', { ts: '2' });
    expect(await one.claim('key', 'f')).toMatchObject({ result: { ts: '2' } });
  });

  test('does not wait for a claim with other content', async () => {
    const { one, other } = two();
    await one.claim('key', 'f');
    expect(await other.claim('key', 'another')).toEqual({ fingerprint: 'f' });
  });

  test('reports an unknown outcome after a claim is abandoned, and at once', async () => {
    const { one, other } = two({ leaseMs: 600_000 });
    await one.claim('key', 'f');
    const waiting = other.claim('key', 'f');
    await one.abandon('key');
    expect(await waiting).toEqual({ fingerprint: 'f' });
    expect(await one.claim('key', 'f')).toEqual({ fingerprint: 'f' });
  });

  test('reports an unknown outcome, not a free key, when the process of a claim has ended', async () => {
    const { one, other } = two({ leaseMs: 150 });
    await one.claim('key', 'f');
    await one.close();
    expect(await other.claim('key', 'f')).toEqual({ fingerprint: 'f' });
    expect(await other.claim('key', 'f')).toEqual({ fingerprint: 'f' });
  });

  test('renews the lease of a claim while its process lives', async () => {
    const { one, other, prefix } = two({ leaseMs: 2_000 });
    await one.claim('key', 'f');
    const [key] = await redis.keys(`${prefix}mcp:idempotency:*`);
    const lease = async () => Number(await redis.hget(key as string, 'lease'));
    const first = await lease();
    const waiting = other.claim('key', 'f');
    await expect.poll(lease, { timeout: 30_000 }).toBeGreaterThan(first + 2_000);
    await one.complete('key', { ts: '1' });
    expect(await waiting).toMatchObject({ result: { ts: '1' } });
  });

  test('stops waiting when the caller gives up', async () => {
    const { one, other } = two();
    await one.claim('key', 'f');
    const ending = new AbortController();
    const waiting = other.claim('key', 'f', undefined, ending.signal);
    ending.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
  });

  test('stores neither the key nor its caller, and forgets them after a day', async () => {
    const { one, prefix } = two();
    await one.claim('deploy of the secret project', 'f', 'agent');
    const keys = await redis.keys(`${prefix}*`);
    expect(keys).toEqual([expect.stringMatching(/mcp:idempotency:[0-9a-f]{64}$/)]);
    expect(JSON.stringify(await redis.hgetall(keys[0] as string))).not.toContain('agent');
    const leftMs = await redis.pttl(keys[0] as string);
    expect(leftMs).toBeGreaterThan(86_000_000);
    expect(leftMs).toBeLessThanOrEqual(86_400_000);
  });

  test('stores the result of a claim that Redis has lost', async () => {
    const { one, other, prefix } = two();
    await one.claim('key', 'f');
    await redis.del(await redis.keys(`${prefix}*`));
    await one.complete('key', { ts: '1' });
    expect(await other.claim('key', 'f')).toEqual({ fingerprint: 'f', result: { ts: '1' } });
  });

  test('ignores a late outcome for a key that another replica has claimed', async () => {
    const { one, other, prefix } = two();
    await one.claim('key', 'f');
    await redis.del(await redis.keys(`${prefix}*`));
    expect(await other.claim('key', 'f')).toBeUndefined();
    await one.release('key');
    await other.complete('key', { ts: '2' });
    expect(await one.claim('key', 'f')).toMatchObject({ result: { ts: '2' } });
  });

  test('reads the variables of the Redis backend', async () => {
    const env = { ...broker.env, REDIS_PREFIX: freshPrefix() };
    const store = openIdempotencyStore(env);
    onTestFinished(() => store.close());
    expect(await store.claim('key', 'f')).toBeUndefined();
    expect(await redis.keys(`${env.REDIS_PREFIX}mcp:idempotency:*`)).toHaveLength(1);
  });
});

describeWithOwnBroker('an unavailable Redis', startRedis, (broker) => {
  test('refuses claims with a retryable error, and frees what it granted without an answer', async () => {
    const proxy = await createFaultProxy({ target: broker });
    onTestFinished(() => proxy.close());
    const prefix = freshPrefix();
    const store = openStore({
      url: `redis://${proxy.host}:${proxy.port}`,
      prefix,
      timeoutMs: 50,
      responseTimeoutMs: 500,
      leaseMs: 600_000,
    });
    expect(await store.claim('first', 'f')).toBeUndefined();
    proxy.stall('to-client');
    await expect(store.claim('key', 'f')).rejects.toMatchObject({ retryable: true });
    await proxy.heal();
    const other = openStore({ url: broker.url, prefix });
    // The claim, which Redis granted, is released as soon as the connection is back.
    expect(await other.claim('key', 'f')).toBeUndefined();
  });

  test('names the permissions that a Redis user lacks', async () => {
    const admin = new Redis(broker.url);
    onTestFinished(() => admin.disconnect());
    await admin.acl('SETUSER', 'server', 'on', '>secret', '~app:mcp:idempotency:*', '+@all', '-@admin');
    await admin.acl('SETUSER', 'stranger', 'on', '>secret', '~x:*', '+@all');
    const as = (username: string) => openStore({ url: broker.url, username, password: 'secret', prefix: 'app:' });
    const server = as('server');
    expect(await server.claim('key', 'f')).toBeUndefined();
    await server.complete('key', { ts: '1' });
    await expect(as('stranger').claim('key', 'f')).rejects.toMatchObject({
      code: 'ERR_QUEUE_AUTH',
      message: expect.stringContaining('~app:mcp:idempotency:*'),
    });
  });
});

test.each([{ ttlMs: 0 }, { leaseMs: 1.5 }, { timeoutMs: Number.NaN }])('rejects %j as a duration', (options) => {
  expect(() => new RedisIdempotencyStore({ url: 'redis://localhost', ...options })).toThrow(
    /use a whole number of milliseconds/,
  );
});
