import type { StartedBroker } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import type { QueueBackend } from '@slack-mcp/core';
import { createSimulator } from '@slack-mcp/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWebhookServer } from '../../src/index.ts';
import { BACKENDS, type BackendUnderTest } from '../support/backends.ts';
import { SECRET, signedHeaders } from '../support/signed.ts';

/** The full proof takes 10,000: `OUTAGE_EVENTS=10000 npx vitest run --project server test/outage`. */
const EVENTS = Number(process.env['OUTAGE_EVENTS'] ?? 600);
const OUTAGES = 3;
const PATIENCE = Math.max(120_000, EVENTS * 60);

async function outages({ open }: BackendUnderTest, broker: StartedBroker): Promise<void> {
  const backend = open(broker);
  onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
  // A minute of Slack's retry schedule takes two seconds: the last retry comes ten seconds after the previous one.
  const simulator = await createSimulator({ signingSecret: SECRET, timeScale: 30 });
  onTestFinished(() => simulator.close());
  const server = createWebhookServer({ signingSecret: SECRET, port: 0, backend, publishTimeoutMs: 500 });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  await simulator.setEventsUrl(`${server.address}/slack/events`, { verify: true });

  const deliver = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      await simulator.deliver({ type: 'app_mention', channel: `C${index % 10}`, text: 'hello' });
      // The simulator and the server share this process: let both run.
      if (index % 50 === 0) await new Promise(setImmediate);
    }
  };
  const status = async (): Promise<number> => {
    const body = JSON.stringify({ type: 'event_callback', event_id: 'Ev-outage', event: { type: 'message' } });
    const headers = signedHeaders(body);
    return (await fetch(`${server.address}/slack/events`, { method: 'POST', body, headers })).status;
  };

  let left = EVENTS;
  for (let outage = 0; outage < OUTAGES; outage += 1) {
    const share = Math.ceil(left / (OUTAGES - outage));
    const whileAway = Math.min(Math.floor(share / 2), 150);
    const before = Math.floor((share - whileAway) / 2);
    left -= share;
    await deliver(before);
    await broker.kill();
    await deliver(whileAway);
    expect(await status()).toBe(503);
    await broker.restart();
    await deliver(share - whileAway - before);
    await simulator.idle();
  }
  await expect.poll(status, { timeout: 60_000 }).toBe(200);

  const deliveries = await simulator.deliveries();
  expect(deliveries.filter(({ state }) => state !== 'delivered')).toEqual([]);
  const retried = deliveries.filter(({ attempts }) => attempts.length > 1);
  expect(retried.length).toBeGreaterThan(OUTAGES);
  const expected = new Set(deliveries.map(({ eventId }) => eventId));
  const received = await receive(backend, [...expected, 'Ev-outage'].length);
  const lost = [...expected].filter((id) => !received.has(String(id)));
  const twice = [...received].filter(([, times]) => times > 1);
  expect({ events: expected.size, lost, twice }).toEqual({ events: EVENTS, lost: [], twice: [] });
}

/** How often each id arrives, until `distinct` ids have arrived and the queue is empty. */
async function receive(backend: QueueBackend, distinct: number): Promise<Map<string, number>> {
  const received = new Map<string, number>();
  const subscription = backend.consume({ group: 'workers', signal: AbortSignal.timeout(PATIENCE) });
  // Published last: duplicates of the others arrive before it.
  await backend.publish('slack_events', { type: 'end' }, { messageId: 'end', timeoutMs: 30_000 });
  for await (const { metadata } of subscription) {
    if (metadata.messageId === 'end') {
      if (received.size >= distinct) break;
      throw new Error(`only ${received.size} of ${distinct} have arrived`);
    }
    const id = metadata.headers['x-slack-event-id'] ?? metadata.messageId;
    received.set(id, (received.get(id) ?? 0) + 1);
  }
  return received;
}

describe(`${OUTAGES} outages: 503 while the broker is unavailable, and Slack's retries deliver every event once`, () => {
  for (const backend of BACKENDS) {
    const { startBroker } = backend;
    if (startBroker === undefined) continue;
    describeWithOwnBroker(backend.name, startBroker, (broker) => {
      test(`${EVENTS} events`, { timeout: PATIENCE * 2 }, () => outages(backend, broker));
    });
  }
});
