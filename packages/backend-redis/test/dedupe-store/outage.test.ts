import { setImmediate } from 'node:timers/promises';
import { createFaultProxy, type FaultProxy, startRedis } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { claim, freshPrefix, openStore } from './open-store.ts';

/** The error must be about the store, not about another claim, because the ingress then publishes without the store. */
const AWAY = { name: expect.stringMatching(/Connection/), retryable: true };

describeWithOwnBroker('an unavailable Redis', startRedis, (broker) => {
  const redis = new Redis(broker.url, { lazyConnect: true });
  afterAll(() => redis.disconnect());

  async function proxied(): Promise<{ proxy: FaultProxy; url: string }> {
    const proxy = await createFaultProxy({ target: broker });
    onTestFinished(() => proxy.close());
    return { proxy, url: `redis://${proxy.host}:${proxy.port}` };
  }

  test('refuses claims, and grants them again when Redis is back', async () => {
    const { proxy, url } = await proxied();
    // Waiting for an answer takes longer than the test.
    const store = openStore({ url, answerTimeoutMs: 200_000 });
    await claim(store, 'Ev1');
    await proxy.close();
    await expect
      .poll(() => store.claim('Ev2', 60_000).then(String, String), { timeout: 60_000 })
      .toMatch(/ECONNREFUSED/);
    await expect(store.claim('Ev2', 60_000)).rejects.toMatchObject(AWAY);
    expect(await store.health()).toMatchObject({ status: 'degraded', detail: { problem: expect.any(String) } });
    await proxy.heal();
    await expect.poll(() => claim(store, 'Ev2').then(Object.keys, String), { timeout: 60_000 }).toContain('confirm');
    expect(await store.health()).toMatchObject({ status: 'up' });
  });

  test('does not wait for a silent Redis, and releases a claim that it grants late', async () => {
    const { proxy, url } = await proxied();
    const prefix = freshPrefix();
    const store = openStore({ url, prefix, answerTimeoutMs: 100, claimMs: 600_000 });
    await expect.poll(() => claim(store, 'Ev1').then(Object.keys, String), { timeout: 60_000 }).toContain('confirm');
    proxy.blackhole();
    await expect(store.claim('Ev2', 60_000)).rejects.toMatchObject(AWAY);
    await proxy.heal();
    const other = openStore({ url: broker.url, prefix, claimMs: 600_000 });
    expect(await other.claim('Ev2', 60_000)).toHaveProperty('confirm');
    await expect(store.claim('Ev2', 0)).rejects.toThrow(/has not finished yet/);
  });

  test('close() waits for the answer to a confirmation', async () => {
    const { proxy, url } = await proxied();
    const prefix = freshPrefix();
    const store = openStore({ url, prefix, answerTimeoutMs: 200_000 });
    const held = await claim(store, 'Ev1');
    proxy.stall('to-client');
    const confirmed = held.confirm();
    await expect.poll(() => redis.get(`${prefix}published:Ev1`), { timeout: 60_000 }).toBe('published');
    const closed = store.close();
    expect(await Promise.race([closed.then(() => 'closed'), setImmediate('waiting')])).toBe('waiting');
    await proxy.heal();
    await expect(confirmed).resolves.toBeUndefined();
    await closed;
  });

  test('repeats a confirmation until Redis stores it', async () => {
    const { proxy, url } = await proxied();
    const prefix = freshPrefix();
    const store = openStore({ url, prefix });
    const held = await claim(store, 'Ev1');
    await proxy.close();
    const confirmed = held.confirm();
    await expect.poll(() => store.claim('Ev2', 0).then(String, String), { timeout: 60_000 }).toMatch(/ECONNREFUSED/);
    await proxy.heal();
    await confirmed;
    expect(await redis.get(`${prefix}published:Ev1`)).toBe('published');
  });
});
