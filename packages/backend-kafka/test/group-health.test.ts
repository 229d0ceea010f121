import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { expect, test } from 'vitest';
import { freshBackend, freshPrefix, KEY, receive } from './fresh-backend.ts';

describeWithBroker('kafka', (broker) => {
  test('health() reports the lag of each group and the age of its oldest message', async () => {
    const backend = freshBackend({ brokers: broker.url.split(','), prefix: freshPrefix(), groups: ['workers'] });
    for (const n of [1, 2]) await backend.publish(KEY, { n });
    const groups = async () => (await backend.health()).groups;
    expect(await groups()).toMatchObject([{ key: KEY, group: 'workers', lag: 2 }]);
    expect((await groups())?.[0]?.oldestAgeMs).toBeGreaterThanOrEqual(0);
    const subscription = backend.consume({ group: 'workers', ack: 'manual' });
    for (const _ of [1, 2]) await (await receive(subscription)).ack();
    await subscription.close();
    expect(await groups()).toEqual([{ key: KEY, group: 'workers', lag: 0, oldestAgeMs: 0 }]);
  });
});
