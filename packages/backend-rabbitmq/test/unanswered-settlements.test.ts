import { createFaultProxy } from '@slack-mcp/brokers';
import { describeWithBroker } from '@slack-mcp/brokers/vitest';
import { expect, onTestFinished, test } from 'vitest';
import { freshBackend, freshPrefix, KEY, receive } from './fresh-backend.ts';

const GROUP = 'workers';
/** Longer than the test: what ends earlier does not wait for a heartbeat. */
const HEARTBEAT_MS = 60_000;
const SOON = { timeout: 15_000, interval: 50 };

describeWithBroker('rabbitmq', (broker) => {
  async function openThroughProxy() {
    const proxy = await createFaultProxy({ target: { port: Number(new URL(broker.url).port) } });
    onTestFinished(() => proxy.close());
    const options = { groups: [GROUP], prefix: freshPrefix(), heartbeatMs: HEARTBEAT_MS };
    const url = `amqp://127.0.0.1:${proxy.port}`;
    return { proxy, backend: freshBackend({ ...options, url }), direct: freshBackend({ ...options, url: broker.url }) };
  }

  test('ends an ack whose answer was lost, although no message follows', async () => {
    const { proxy, backend } = await openThroughProxy();
    await backend.publish(KEY, { n: 1 });
    const message = await receive(backend.consume({ group: GROUP, ack: 'manual' }));
    proxy.drop('to-client');
    const acked = message.ack();
    await expect.poll(() => proxy.droppedBytes, SOON).toBeGreaterThan(0);
    proxy.reset();
    proxy.heal();
    // Another consumer could have received the message meanwhile.
    await expect(acked).rejects.toMatchObject({ code: 'ERR_QUEUE_LEASE_LOST' });
    await expect.poll(async () => (await backend.health()).status, SOON).toBe('up');
  });

  test('gives up a settlement whose message another consumer received', async () => {
    const { proxy, backend, direct } = await openThroughProxy();
    await backend.publish(KEY, { n: 1 });
    const message = await receive(backend.consume({ group: GROUP, ack: 'manual' }));
    const other = direct.consume({ group: GROUP, ack: 'manual' });
    await other.ready;
    proxy.drop('to-broker');
    const acked = message.ack();
    acked.catch(() => {});
    await expect.poll(() => proxy.droppedBytes, SOON).toBeGreaterThan(0);
    proxy.refuse();
    proxy.reset();
    await (await receive(other)).ack();
    await other.close();
    proxy.heal();
    await expect(acked).rejects.toMatchObject({ code: 'ERR_QUEUE_LEASE_LOST' });
    await expect.poll(async () => (await backend.health()).status, SOON).toBe('up');
  });
});
