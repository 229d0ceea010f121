import type { RabbitMQBroker } from '@slack-mcp/brokers';
import { expect, onTestFinished, test } from 'vitest';
import { RabbitMQBackend } from '../src/index.ts';
import { freshBackend, freshPrefix, KEY, receive } from './fresh-backend.ts';

const GROUP = 'workers';
const PATIENT = { timeout: 180_000 };

/** Tests what publishers and consumers notice when a broker is short of resources or is killed. */
export function testFaults(broker: RabbitMQBroker): void {
  test.for(['memory', 'disk'] as const)('waits while the %s alarm blocks publishers', async (resource) => {
    const backend = freshBackend({ url: broker.url, groups: ['workers'] });
    await backend.publish(KEY, { n: 0 });
    const subscription = backend.consume({ group: 'workers' });
    expect((await receive(subscription)).payload).toEqual({ n: 0 });
    await broker.alarms.raise(resource);
    const late = backend.publish(KEY, { n: 1 }, { timeoutMs: 500 });
    await expect(late).rejects.toMatchObject({ code: 'ERR_QUEUE_TIMEOUT', retryable: true });
    const waiting = backend.publish(KEY, { n: 2 }, { timeoutMs: 60_000 });
    await expect
      .poll(() => backend.health(), { timeout: 20_000 })
      .toMatchObject({
        status: 'degraded',
        detail: { blocked: expect.stringMatching(/low on/), problem: expect.stringMatching(/accepts no publishes/) },
      });
    await broker.alarms.clear(resource);
    await waiting;
    const numbers = [(await receive(subscription)).payload['n'], (await receive(subscription)).payload['n']];
    expect(numbers).toEqual([1, 2]);
    await expect.poll(async () => (await backend.health()).status).toBe('up');
  });

  test(
    'keeps what is durable in quorum and classic queues when it is killed, and loses what is not',
    PATIENT,
    async () => {
      const [quorum, classic] = (['quorum', 'classic'] as const).map((queueType) =>
        freshBackend({ url: broker.url, groups: [GROUP], queueType }),
      ) as [RabbitMQBackend, RabbitMQBackend];
      const transient = freshBackend({ url: broker.url, groups: [GROUP], durable: false, timeoutMs: 120_000 });
      const persistent = [quorum, classic, transient].map(({ capabilities }) => capabilities.persistent);
      expect(persistent).toEqual([true, true, false]);
      for (const backend of [quorum, classic, transient]) await backend.publish(KEY, { n: 1 });
      await broker.kill();
      await broker.restart();
      for (const backend of [quorum, classic]) {
        expect((await receive(backend.consume({ group: GROUP }))).payload).toEqual({ n: 1 });
      }
      // The queues are gone. Publishing declares them again.
      await transient.publish(KEY, { n: 2 });
      expect((await receive(transient.consume({ group: GROUP }))).payload).toEqual({ n: 2 });
    },
  );

  test('retries and parks messages that are not durable', async () => {
    const backend = RabbitMQBackend.fromEnv({
      ...broker.env,
      RABBITMQ_PREFIX: freshPrefix(),
      RABBITMQ_DURABLE: 'false',
      QUEUE_GROUPS: GROUP,
    });
    onTestFinished(() => backend.close());
    await backend.publish(KEY, { n: 1 });
    const subscription = backend.consume({ group: GROUP, ack: 'manual' });
    await (await receive(subscription)).nack({ delayMs: 20 });
    await (await receive(subscription)).deadLetter({ code: 'TEST' });
    const { items } = await backend.deadLetters({ group: GROUP }).list();
    expect(items).toMatchObject([{ payload: { n: 1 }, retryCount: 1, reason: { code: 'TEST' } }]);
  });
}
