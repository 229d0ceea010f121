import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as elapse } from 'node:timers/promises';
import { waitFor } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { freshBackend, freshPrefix, KEY, numbersOf, publish, range, receive, receiveMany } from './fresh-backend.ts';

describeWithBroker('redis', (broker) => {
  const admin = new Redis(broker.url);
  afterAll(() => admin.disconnect());

  test.each([
    [1, 'one at a time'],
    [2, 'one at a time'],
    [3, 'one at a time'],
    [4, 'concurrently'],
  ])(
    'parks only the message that kills its workers, after %i deliveries to workers that handle %s',
    { timeout: 60_000 },
    async (maxDeliveries, mode) => {
      const prefix = freshPrefix();
      const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'] });
      const healthy = range(20).map((n) => `healthy-${n}`);
      await backend.publish(KEY, {}, { messageId: healthy[0] as string });
      await backend.publish(KEY, { deadly: true }, { messageId: 'deadly' });
      for (const messageId of healthy.slice(1)) await backend.publish(KEY, {}, { messageId });
      const handled = new Set<unknown>();
      const parked = async () => (await backend.deadLetters({ group: 'workers' }).list()).items;
      const isDone = async (): Promise<boolean> => handled.size === healthy.length && (await parked()).length > 0;
      for (let deaths = 0; !(await isDone()); ) {
        const worker = fork(
          `${import.meta.dirname}/mortal-worker.ts`,
          [broker.url, prefix, String(maxDeliveries), mode],
          { execArgv: ['--conditions=@slack-mcp/source'] },
        );
        onTestFinished(() => void worker.kill('SIGKILL'));
        worker.on('message', (id) => handled.add(id));
        let isDead = false;
        void once(worker, 'exit').then(() => {
          isDead = true;
        });
        await waitFor('an end', async () => isDead || (await isDone()));
        if (isDead) deaths += 1;
        // The first worker may die before its delivery is counted.
        expect(deaths).toBeLessThanOrEqual(Math.max(2, maxDeliveries) + 1);
      }
      expect(await parked()).toMatchObject([
        { messageId: 'deadly', retryCount: 0, reason: { code: 'MAX_DELIVERIES' } },
      ]);
    },
  );

  /**
   * Lets two consumers die with the first messages in flight. Each delivery adds 1 to the initial 1 of a fetched
   * message.
   */
  async function loseTwice(prefix: string, count: number): Promise<void> {
    const stream = `${prefix}${KEY}`;
    await admin.xreadgroup('GROUP', 'workers', 'dead', 'COUNT', count, 'STREAMS', stream, '>');
    const ids = await pendingOf(stream, 'dead');
    await admin.xclaim(stream, 'workers', 'dead', 0, ...ids, 'IDLE', 60_000, 'RETRYCOUNT', 3, 'JUSTID');
  }

  async function pendingOf(stream: string, consumer?: string): Promise<string[]> {
    const rows = (await admin.xpending(stream, 'workers', '-', '+', 100)) as [id: string, consumer: string][];
    return rows.filter(([, owner]) => consumer === undefined || owner === consumer).map(([id]) => id);
  }

  test('delivers a suspect alone, after the messages in flight and before all others', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'], leaseMs: 10_000 });
    await publish(backend, [0, 1]);
    await loseTwice(prefix, 2);
    await publish(backend, [2]);
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    const seen: unknown[] = [];
    let inFlight = 0;
    const work = async (): Promise<void> => {
      const message = await receive(subscription);
      inFlight += 1;
      seen.push([message.payload['n'], inFlight]);
      await elapse(50);
      inFlight -= 1;
      await message.ack();
    };
    await Promise.all([work(), work(), work()]);
    expect(seen).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
  });

  test('does not delay suspects and new messages for long because of a slow message', async () => {
    const prefix = freshPrefix();
    const backend = freshBackend({ url: broker.url, prefix, groups: ['workers'], leaseMs: 300 });
    await publish(backend, [0, 1]);
    await loseTwice(prefix, 2);
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    const slow = await receive(subscription);
    await publish(backend, [2]);
    expect(new Set(numbersOf([slow, ...(await receiveMany(subscription, 2))]))).toEqual(new Set([0, 1, 2]));
  });
});
