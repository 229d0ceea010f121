import { randomUUID } from 'node:crypto';
import { context, propagation, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { MemoryBackend } from '@slack-mcp/backend-memory';
import { createConsumer } from '@slack-mcp/consumer';
import { createSimulator, SIMULATOR_IDS } from '@slack-mcp/simulator';
import { createSlackClient } from '@slack-mcp/slack';
import { capturedLog } from '@slack-mcp/test-support';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createWebhookServer } from '../../src/index.ts';
import { SECRET, signedHeaders } from '../support/signed.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

beforeEach(() => provider.register());
afterEach(() => {
  for (const api of [trace, context, propagation]) api.disable();
  exporter.reset();
});

/** A server and a worker with one handler, in front of a simulated Slack. */
async function start() {
  const simulator = await createSimulator({ signingSecret: SECRET });
  const backend = new MemoryBackend({ name: randomUUID(), groups: ['bot', 'look'] });
  const server = createWebhookServer({ signingSecret: SECRET, port: 0, backend });
  const slack = createSlackClient({ token: 'xoxb-simulator', apiUrl: simulator.url });
  const consumer = createConsumer({ backend, group: 'bot', slack, logger: capturedLog() });
  onTestFinished(async () => {
    await consumer.close({ drainTimeoutMs: 0 });
    await server.close({ drainTimeoutMs: 0 });
    await backend.close({ drainTimeoutMs: 0 });
    await simulator.close();
  });
  await server.start();
  async function deliver(headers: Record<string, string> = {}): Promise<number> {
    const event = { type: 'app_mention', user: 'U1', channel: SIMULATOR_IDS.channel, text: 'private text', ts: '1.2' };
    const body = JSON.stringify({ type: 'event_callback', event_id: 'Ev1', api_app_id: 'A1', event });
    const signed = { ...signedHeaders(body), ...headers };
    return (await fetch(`${server.address}/slack/events`, { method: 'POST', body, headers: signed })).status;
  }
  return { backend, consumer, deliver };
}

/** The finished spans by name. */
async function spans(count: number): Promise<Record<string, ReadableSpan>> {
  await expect.poll(() => exporter.getFinishedSpans().length, { timeout: 30_000 }).toBe(count);
  return Object.fromEntries(exporter.getFinishedSpans().map((span) => [span.name, span]));
}

test('one trace follows an event from the request of Slack to the call of its handler', async () => {
  const { backend, consumer, deliver } = await start();
  consumer.on('app_mention', async (_event, { say }) => {
    await say('done');
  });
  await consumer.start();
  expect(await deliver()).toBe(200);

  const found = await spans(4);
  const line = ['POST /slack/events', 'publish slack_events', 'process slack_events', 'slack chat.postMessage'];
  const traceId = found[line[0] as string]?.spanContext().traceId;
  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  let parent: string | undefined;
  for (const name of line) {
    const span = found[name];
    expect(span?.spanContext().traceId, name).toBe(traceId);
    expect(span?.parentSpanContext?.spanId, name).toBe(parent);
    parent = span?.spanContext().spanId;
  }
  for await (const { metadata } of backend.consume({ group: 'look' })) {
    const published = found['publish slack_events']?.spanContext().spanId;
    expect(metadata.headers['traceparent']).toBe(`00-${traceId}-${published}-01`);
    break;
  }
  const facts = JSON.stringify(exporter.getFinishedSpans().map(({ attributes, events }) => [attributes, events]));
  expect(facts).not.toMatch(/private text|done|xoxb/);
  expect(found['process slack_events']?.attributes).toMatchObject({ 'messaging.consumer.group.name': 'bot' });
});

test('a trace of a proxy continues, and a failed handler marks its span without the text of the error', async () => {
  const { consumer, deliver } = await start();
  consumer.on('app_mention', () => {
    throw Object.assign(new Error('cannot deploy'), { code: 'E_HANDLER' });
  });
  await consumer.start();
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  expect(await deliver({ traceparent: `00-${traceId}-b7ad6b7169203331-01` })).toBe(200);
  const found = await spans(3);
  expect(Object.values(found).map((span) => span.spanContext().traceId)).toEqual([traceId, traceId, traceId]);
  const { status, attributes, events } = found['process slack_events'] as ReadableSpan;
  expect({ status, type: attributes['error.type'], events }).toEqual({
    status: { code: 2 },
    type: 'E_HANDLER',
    events: [],
  });
  expect(JSON.stringify([status, attributes])).not.toContain('cannot deploy');
});
