import { createFaultProxy, waitFor } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { type QueueMessage, silentLogger } from '@slack-mcp/core';
import { Redis } from 'ioredis';
import { afterAll, afterEach, expect, onTestFinished, test, vi } from 'vitest';
import type { RedisBackend } from '../src/index.ts';
import { freshBackend, freshPrefix, KEY, publish, range, receive, receiveMany } from './fresh-backend.ts';
import { refuseWrites, startRefusableRedis, takeWrites } from './refused-writes.ts';

const group = 'workers';
const COUNT = 200;

describeWithOwnBroker('settlements while redis refuses writes or does not respond', startRefusableRedis, (broker) => {
  const admin = new Redis(broker.url);
  afterAll(() => admin.disconnect());
  afterEach(() => takeWrites(admin));

  const pendingOf = async (stream: string): Promise<number> => ((await admin.xpending(stream, group)) as [number])[0];

  const countOf = async (stream: string): Promise<number> => {
    const [row] = (await admin.xpending(stream, group, '-', '+', 1)) as [[string, string, number, number]];
    return row[3];
  };

  /** A backend behind a proxy, with timeouts that are all shorter than each phase. */
  async function behindProxy(prefix: string) {
    const proxy = await createFaultProxy({ target: broker });
    onTestFinished(() => proxy.close());
    const backend = freshBackend({
      url: `redis://127.0.0.1:${proxy.port}`,
      prefix,
      groups: [group],
      timeoutMs: 200,
      responseTimeoutMs: 200,
      retryDelayMs: 20,
      leaseMs: 600,
    });
    return { backend, proxy };
  }

  /** Redis refuses writes, then does not respond, each for longer than the lease. */
  async function phases(proxy: Awaited<ReturnType<typeof createFaultProxy>>, settled: () => boolean): Promise<void> {
    await refuseWrites(admin);
    await pass(1_500);
    expect(settled()).toBe(false);
    await takeWrites(admin);
    await pass(300);
    proxy.blackhole();
    await pass(1_500);
    proxy.heal();
  }

  test('settles every message of a worker at full speed, and leaves none pending', {
    timeout: 60_000,
  }, async () => {
    const prefix = freshPrefix();
    const { backend, proxy } = await behindProxy(prefix);
    await publish(freshBackend({ url: broker.url, prefix, groups: [group] }), range(COUNT));
    const subscription = backend.consume({ group, ack: 'manual', prefetch: 40 });
    const handled = new Map<unknown, number>();
    const rejections: unknown[] = [];
    let pause = Promise.resolve();
    const work = (async () => {
      for await (const message of subscription) {
        const n = message.payload['n'] as number;
        handled.set(n, (handled.get(n) ?? 0) + 1);
        // A fifth of them in each phase.
        if (n === 40 || n === 120) await pause;
        const settled = n % 10 === 3 ? message.deadLetter({ code: 'TEST' }) : message.ack();
        settled.catch((error: unknown) => rejections.push(error));
      }
    })();
    const failing = phases(proxy, () => handled.size === COUNT);
    pause = new Promise((resolve) => setTimeout(resolve, 400));
    await failing;
    await waitFor(
      'all messages to be settled',
      async () => handled.size === COUNT && (await pendingOf(`${prefix}${KEY}`)) === 0,
    );
    // Redis may have executed a settlement whose answer was lost: then the backend settles it again.
    await expect.poll(async () => (await backend.health()).detail['unsettled']).toBe(0);
    expect((await backend.deadLetters({ group }).list()).items).toHaveLength(COUNT / 10);
    // The caller stopped waiting at its timeout, and the settlement continued.
    for (const error of rejections) expect(error).toMatchObject({ code: 'ERR_QUEUE_TIMEOUT' });
    await subscription.close();
    await work;
  });

  test('continues a plain loop after an outage that exceeds all timeouts', { timeout: 60_000 }, async () => {
    const prefix = freshPrefix();
    const { backend, proxy } = await behindProxy(prefix);
    const stream = `${prefix}${KEY}`;
    await publish(freshBackend({ url: broker.url, prefix, groups: [group] }), range(COUNT));
    const handled = new Set<unknown>();
    const subscription = backend.consume({ group });
    const cut = async (): Promise<void> => {
      proxy.refuse();
      proxy.reset();
      await pass(1_500);
      await takeWrites(admin);
      proxy.heal();
    };
    const loop = (async () => {
      for await (const message of subscription) {
        handled.add(message.payload['n']);
        if (handled.size === 50) await refuseWrites(admin);
        if (handled.size === 60) await cut();
      }
    })();
    await waitFor('all messages to be settled', async () => handled.size === COUNT && (await pendingOf(stream)) === 0);
    await subscription.close();
    await loop;
  });

  test('health() is degraded and counts settlements while they are unsettled', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, groups: [group], retryDelayMs: 10 });
    await publish(backend, range(3));
    const messages = await receiveMany(backend.consume({ group, ack: 'manual' }), 3);
    await refuseWrites(admin);
    const settled = Promise.all(messages.map((message) => message.ack()));
    await waitFor('the settlements to be refused', async () => (await backend.health()).detail['unsettled'] === 3);
    expect(await backend.health()).toMatchObject({
      status: 'degraded',
      detail: { problem: expect.stringContaining('failed to write to its disk') },
    });
    await takeWrites(admin);
    await settled;
    expect(await backend.health()).toMatchObject({ status: 'up', detail: { unsettled: 0 } });
  });

  test('waits to join a group while Redis refuses writes, and logs why', async () => {
    const warn = vi.fn();
    const backend = freshBackend({ url: broker.url, retryDelayMs: 10, logger: { ...silentLogger, warn } });
    await refuseWrites(admin);
    const subscription = backend.consume({ group });
    let joined = false;
    void subscription.ready.then(() => {
      joined = true;
    });
    await waitFor('the refusal to be logged', () => warn.mock.calls.some(([, event]) => event === 'queue_join_failed'));
    await pass(100);
    expect(joined).toBe(false);
    await takeWrites(admin);
    await subscription.ready;
    await publish(backend, [1]);
    expect((await receive(subscription)).payload).toEqual({ n: 1 });
  });

  test('leaves a message that was acked late to the member that has taken it', async () => {
    const prefix = freshPrefix();
    const { backend, proxy } = await behindProxy(prefix);
    const other = freshBackend({ url: broker.url, prefix, groups: [group], leaseMs: 600 });
    await publish(other, [1]);
    const message = await receive(backend.consume({ group, ack: 'manual' }));
    await waitFor('the delivery to be counted', async () => (await countOf(`${prefix}${KEY}`)) === 2);
    proxy.drop();
    await expect(message.ack()).rejects.toMatchObject({ code: 'ERR_QUEUE_TIMEOUT', retryable: true });
    const again = await receive(other.consume({ group, ack: 'manual' }));
    expect(again.metadata).toMatchObject({ retryCount: 0, deliveryCount: 2 });
    proxy.heal();
    await expect(message.ack()).rejects.toMatchObject({ code: 'ERR_QUEUE_LEASE_LOST' });
    expect(await pendingOf(`${prefix}${KEY}`)).toBe(1);
    await again.ack();
    expect(await pendingOf(`${prefix}${KEY}`)).toBe(0);
  });

  async function deleted(prefix: string): Promise<{ message: QueueMessage; backend: RedisBackend }> {
    const backend = freshBackend({ url: broker.url, prefix, groups: [group] });
    await backend.publish(KEY, { n: 1 }, { messageId: 'Ev1', headers: { 'x-trace': 'ä' } });
    const message = await receive(backend.consume({ group, ack: 'manual' }));
    await admin.xtrim(`${prefix}${KEY}`, 'MAXLEN', 0);
    return { message, backend };
  }

  test('parks the consumer’s copy of a message whose entry was deleted while in flight', async () => {
    const prefix = freshPrefix();
    const { message, backend } = await deleted(prefix);
    await message.deadLetter({ code: 'TEST' });
    const { items } = await backend.deadLetters({ group }).list();
    expect(items).toMatchObject([
      { messageId: 'Ev1', payload: { n: 1 }, headers: { 'x-trace': 'ä' }, reason: { code: 'TEST' } },
    ]);
    expect(await pendingOf(`${prefix}${KEY}`)).toBe(0);
  });

  test('nack parks a message whose entry was deleted and reports that it will not be redelivered', async () => {
    const prefix = freshPrefix();
    const { message, backend } = await deleted(prefix);
    await expect(message.nack()).rejects.toMatchObject({
      code: 'ERR_QUEUE_LEASE_LOST',
      message: expect.stringContaining('deleted from the stream'),
    });
    const { items } = await backend.deadLetters({ group }).list();
    expect(items).toMatchObject([{ messageId: 'Ev1', payload: { n: 1 }, reason: { code: 'DELETED' } }]);
    expect(await pendingOf(`${prefix}${KEY}`)).toBe(0);
  });
});

/** Lets the outage last for this time. It only has to be longer than every timeout. */
function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
