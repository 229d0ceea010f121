import { waitFor } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import { freshBackend, freshPrefix, KEY, numbersOf, publish, range, receiveMany } from './fresh-backend.ts';

describeWithBroker('redis', (broker) => {
  const admin = new Redis(broker.url);
  afterAll(() => admin.disconnect());

  /** Publishes and acks far more messages than are kept, with an older message in flight. */
  async function churn(options: { maxLength?: number; retentionMs?: number }) {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'], ...options });
    const subscription = backend.consume({ group: 'workers', ack: 'manual', prefetch: 2_000 });
    await publish(backend, range(5));
    const held = await receiveMany(subscription, 5);
    await publish(backend, range(1_000, 5));
    await Promise.all((await receiveMany(subscription, 1_000)).map((message) => message.ack()));
    const length = (): Promise<number> => admin.xlen(`${prefix}${KEY}`);
    return { backend, held, length };
  }

  test('keeps everything after a message in flight, and trims it when that message is acked', async () => {
    const { backend, held, length } = await churn({ maxLength: 10 });
    await publish(backend, [-1]);
    expect(await length()).toBe(1_006);
    await Promise.all(held.map((message) => message.ack()));
    await waitFor('history to be trimmed', async () => {
      await backend.publish(KEY, { n: -2 });
      return (await length()) < 300;
    });
  });

  test('does not trim messages that a dead member holds', async () => {
    const prefix = freshPrefix();
    const settings = { url: broker.url, prefix, groups: ['workers'], maxLength: 10, leaseMs: 60_000 };
    const backend = freshBackend(settings);
    await publish(backend, range(3));
    // A member that took messages and disappeared.
    await admin.xreadgroup('GROUP', 'workers', 'dead', 'COUNT', 3, 'STREAMS', `${prefix}${KEY}`, '>');
    const rest = backend.consume({ group: 'workers' });
    await publish(backend, range(1_000, 3));
    await receiveMany(rest, 1_000);
    await rest.return();
    await publish(backend, [-1]);
    const successor = freshBackend({ ...settings, leaseMs: 100 }).consume({ group: 'workers' });
    expect(new Set(numbersOf(await receiveMany(successor, 5)))).toEqual(new Set([0, 1, 2, 1_002, -1]));
  });

  test('trims acknowledged history by age, regardless of its length', async () => {
    const { backend, held, length } = await churn({ retentionMs: 0 });
    await Promise.all(held.map((message) => message.ack()));
    await waitFor('history to be trimmed', async () => {
      await backend.publish(KEY, { n: -2 });
      return (await length()) < 300;
    });
    const { length: kept } = await churn({ retentionMs: 3_600_000 });
    expect(await kept()).toBe(1_005);
  });

  test('keeps the newest messages when there is no group', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, maxLength: 10, retentionMs: 0 });
    await publish(backend, range(2_000));
    await publish(backend, [2_000]);
    const length = await admin.xlen(`${prefix}${KEY}`);
    expect(length).toBeGreaterThanOrEqual(10);
    expect(length).toBeLessThan(300);
    const seen = numbersOf(await receiveMany(backend.consume({ group: 'late' }), length));
    expect(seen).toEqual(range(length, 2_001 - length));
  });

  test('refuses exactly the messages beyond the limit, even within a batch, and ignores duplicates', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers', 'idle'], maxBacklog: 20 });
    await backend.publish(KEY, { n: 0 }, { messageId: 'first' });
    const outcomes = await Promise.allSettled(range(50, 1).map((n) => backend.publish(KEY, { n })));
    const stored = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(stored).toBe(19);
    expect(await admin.xlen(`${prefix}${KEY}`)).toBe(20);
    const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ code: 'ERR_QUEUE_FULL', retryable: true });
    await backend.publish(KEY, { n: 0 }, { messageId: 'first' });
    expect((await backend.health()).status).toBe('degraded');
  });

  test('creates a configured group again after everything was deleted', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
    await publish(backend, [1]);
    await admin.del(`${prefix}${KEY}`);
    await publish(backend, [2]);
    await publish(backend, [3]);
    expect(numbersOf(await receiveMany(backend.consume({ group: 'workers', from: 'latest' }), 2))).toEqual([2, 3]);
  });
});
