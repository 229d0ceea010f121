import { startRabbitMQ } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { expect, test } from 'vitest';
import { freshBackend, KEY, receive } from './fresh-backend.ts';

describeWithOwnBroker('alarms of RabbitMQ', startRabbitMQ, (broker) => {
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
});
