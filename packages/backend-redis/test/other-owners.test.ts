import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { Redis } from 'ioredis';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { freshBackend, freshPrefix, KEY, publish, receive } from './fresh-backend.ts';

const group = 'workers';

describeWithBroker('redis', (broker) => {
  const admin = new Redis(broker.url);
  afterAll(() => admin.disconnect());

  test('checks the owner before it acks a message whose lease has run out', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const prefix = freshPrefix();
    const stream = `${prefix}${KEY}`;
    const backend = freshBackend({ url: broker.url, prefix, groups: [group], leaseMs: 60_000 });
    await publish(backend, [1]);
    const message = await receive(backend.consume({ group, ack: 'manual' }));
    const [[id]] = (await admin.xpending(stream, group, '-', '+', 1)) as [[string]];
    await admin.xclaim(stream, group, 'another', 0, id);
    // This process stood still for a minute.
    vi.advanceTimersByTime(60_000);
    await expect(message.ack()).rejects.toMatchObject({ code: 'ERR_QUEUE_LEASE_LOST' });
    const [[, owner]] = (await admin.xpending(stream, group, '-', '+', 1)) as [[string, string]];
    expect(owner).toBe('another');
  });

  test('receives what was published after its group was deleted, before it noticed', async () => {
    const prefix = freshPrefix();
    const stream = `${prefix}${KEY}`;
    const backend = freshBackend({ url: broker.url, prefix, retryDelayMs: 10 });
    const subscription = backend.consume({ group });
    await subscription.ready;
    const fields = ['data', '{"n":7}', 'slack-mcp-message-id', 'm7', 'slack-mcp-timestamp', '1'];
    await admin
      .multi()
      .del(stream)
      .xadd(stream, '*', ...fields)
      .exec();
    expect((await receive(subscription)).payload).toEqual({ n: 7 });
  });
});
