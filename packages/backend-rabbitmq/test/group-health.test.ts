import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { expect, test } from 'vitest';
import { freshBackend, freshPrefix, KEY, receive } from './fresh-backend.ts';

describeWithBroker('rabbitmq', (broker) => {
  test('health() reports the waiting messages of each group, and its dead letters for all keys', async () => {
    const backend = freshBackend({ url: broker.url, prefix: freshPrefix(), groups: ['workers'] });
    for (const n of [1, 2, 3]) await backend.publish(KEY, { n });
    // RabbitMQ updates its counts after it has confirmed.
    const groups = async () => (await backend.health()).groups;
    await expect.poll(groups, { timeout: 10_000 }).toEqual([{ key: KEY, group: 'workers', lag: 3 }]);
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    for (const _ of [1, 2]) await (await receive(subscription)).ack();
    await (await receive(subscription)).deadLetter({ code: 'TEST' });
    await expect.poll(groups, { timeout: 10_000 }).toEqual([
      { key: KEY, group: 'workers', lag: 0 },
      { key: '*', group: 'workers', deadLetters: 1 },
    ]);
    await subscription.close();
  });
});
