import { waitFor } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { RedisConnection } from '../src/client.ts';
import { GroupStream } from '../src/group-stream.ts';
import { StreamNames } from '../src/stream-names.ts';
import { freshBackend, freshPrefix, KEY, publish, receive } from './fresh-backend.ts';

describeWithBroker('redis', (broker) => {
  const admin = new Redis(broker.url);
  afterAll(() => admin.disconnect());

  test('removes the due time of a message once it is due, for any member', async () => {
    const prefix = freshPrefix();
    const stream = `${prefix}${KEY}`;
    const delayed = `{${stream}}:delayed:workers`;
    const settings = { url: broker.url, prefix, leaseMs: 200 };
    await publish(freshBackend({ ...settings, groups: ['workers'] }), [1]);
    // A worker that nacked and died: only the group still has the message.
    await admin.xreadgroup('GROUP', 'workers', 'dead', 'COUNT', 1, 'STREAMS', stream, '>');
    const [[id]] = (await admin.xpending(stream, 'workers', '-', '+', 1)) as [[string]];
    await admin.zadd(delayed, Date.now() + 600, id);
    await admin.zadd(delayed, Date.now() + 300, '1-1');
    const subscription = freshBackend(settings).consume({ group: 'workers', ack: 'manual' });
    await (await receive(subscription)).ack();
    await waitFor('the due times to be removed', async () => (await admin.exists(delayed)) === 0);
  });

  test('does not park a message that was nacked often when its worker dies', async () => {
    const prefix = freshPrefix();
    const stream = `${prefix}${KEY}`;
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'], leaseMs: 200, maxDeliveries: 4 });
    await publish(backend, [1]);
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    for (let round = 0; round < 5; round += 1) await (await receive(subscription)).nack();
    for (const losses of [0, 1, 2, 3]) {
      const message = await receive(subscription);
      expect(message.metadata).toMatchObject({ retryCount: 5, deliveryCount: 6 + losses });
      const id = await idOfPending(stream);
      // The number in Redis is 1, plus 10,000 for each failure and 1 for each delivery that began.
      await waitFor('the delivery to be counted', async () => (await countOf(stream, id)) === 50_002 + losses);
      // Simulates the death of its worker: a silent consumer holds it.
      await admin.xclaim(stream, 'workers', 'dead', 0, id, 'JUSTID');
      await waitFor('the message to be lost', () => message.signal.aborted);
    }
    const items = await waitFor('the message to be parked', async () => {
      const page = await backend.deadLetters({ group: 'workers' }).list();
      return page.items.length === 1 && page.items;
    });
    expect(items[0]).toMatchObject({ retryCount: 5, reason: { code: 'MAX_DELIVERIES' } });
  });

  async function countOf(stream: string, id: string): Promise<number> {
    const [row] = (await admin.xpending(stream, 'workers', id, id, 1)) as [[string, string, number, number]];
    return row[3];
  }

  async function idOfPending(stream: string): Promise<string> {
    const [[id]] = (await admin.xpending(stream, 'workers', '-', '+', 1)) as [[string]];
    return id;
  }

  test('does not count a read that repeats a lost answer', async () => {
    const prefix = freshPrefix();
    const names = new StreamNames(prefix, KEY);
    await publish(freshBackend({ url: broker.url, prefix, groups: ['workers'] }), [1]);
    await admin.xreadgroup('GROUP', 'workers', 'me', 'COUNT', 1, 'STREAMS', names.stream, '>');
    const connection = { call: (command: string, ...args: (string | number)[]) => admin.call(command, ...args) };
    const stream = new GroupStream(connection as unknown as RedisConnection, names, 'workers', 'me', false);
    const id = await idOfPending(names.stream);
    await stream.resume([id], false);
    expect(await stream.resume([id], false)).toMatchObject([{ count: 1, dueInMs: 0, interrupted: false }]);
    expect(await countOf(names.stream, id)).toBe(1);
  });

  test('acks and deletes a redriven message in one step', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
    await publish(backend, [1]);
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    await (await receive(subscription)).deadLetter({ code: 'TEST' });
    await backend.deadLetters({ group: 'workers' }).redrive('all');
    const again = await receive(subscription);
    const call = vi.spyOn(RedisConnection.prototype, 'call');
    onTestFinished(() => call.mockRestore());
    await again.ack();
    const redrive = `{${prefix}${KEY}}:redrive:workers`;
    const names = call.mock.calls.filter((args) => args.includes(redrive)).map(([name]) => name);
    expect(names).toContain('EVALSHA');
    expect(names).not.toContain('XACK');
    expect(await admin.xlen(redrive)).toBe(0);
    expect(((await admin.xpending(redrive, 'workers')) as [number])[0]).toBe(0);
  });

  test('remembers a batch for longer than it is retried', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix });
    await backend.publish(KEY, {}, { timeoutMs: 3_600_000 });
    const [publisher = ''] = await admin.keys(`*${prefix}*publisher*`);
    expect(await admin.pttl(publisher)).toBeGreaterThan(3_600_000);
  });
});
