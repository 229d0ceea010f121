import type { StartedBroker } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { createConsumer, type HandlerContext } from '@slack-mcp/consumer';
import { silentLogger } from '@slack-mcp/core';
import { type SampleSet, sampleSets } from '@slack-mcp/test-support/samples';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWebhookServer } from '../../src/index.ts';
import { BACKENDS, type BackendUnderTest } from '../support/backends.ts';
import { FORM_TYPE, form, JSON_TYPE, SECRET, signedHeaders } from '../support/signed.ts';

/** A sample as Slack sends it. */
interface Sent {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly body: string;
  /** The expected result. */
  readonly text: string;
  /** The handler that must be called with it. */
  readonly handler: string;
}

function requestsOf({ events, interactions }: SampleSet): Sent[] {
  return [
    ...events.map(({ name, text }) => {
      return { name, path: '/slack/events', type: JSON_TYPE, body: text, text, handler: `on ${typeOf(text)}` };
    }),
    ...interactions.map(({ name, text, handler }) => {
      const isCommand = handler === 'command';
      const body = form(isCommand ? (JSON.parse(text) as Record<string, string>) : { payload: text });
      return {
        name,
        path: isCommand ? '/slack/commands' : '/slack/interactivity',
        type: FORM_TYPE,
        body,
        text,
        handler,
      };
    }),
  ];
}

function typeOf(text: string): string {
  return (JSON.parse(text) as { event: { type: string } }).event.type;
}

async function allThrough(samples: SampleSet, { open }: BackendUnderTest, broker?: StartedBroker): Promise<void> {
  const backend = open(broker);
  onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
  const server = createWebhookServer({ signingSecret: SECRET, port: 0, backend });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();

  const all = requestsOf(samples);
  const seen: string[] = [];
  const handled: string[] = [];
  const consumer = createConsumer({ backend, group: 'workers', logger: silentLogger });
  consumer.any(({ envelope }) => void seen.push(JSON.stringify(envelope)));
  const handler =
    (name: string) =>
    (_data: unknown, { envelope }: HandlerContext): void =>
      void handled.push(`${name} ${JSON.stringify(envelope)}`);
  for (const type of new Set(samples.events.map(({ text }) => typeOf(text)))) {
    // Some messages report changes without any text.
    if (type === 'message') consumer.on('message', { own: true, touched: true }, handler('on message'));
    else consumer.on(type as 'app_mention', handler(`on ${type}`));
  }
  for (const { handler: kind, id } of new Map(
    samples.interactions.map((it) => [`${it.handler} ${it.id}`, it]),
  ).values()) {
    if (kind === 'view closed') consumer.view(id, { closed: true }, handler(kind));
    else consumer[kind](id, handler(kind));
  }
  consumer.unknown(handler('unknown').bind(undefined, undefined));
  onTestFinished(() => consumer.close());
  await consumer.start();

  for (const { name, path, type, body } of all) {
    const response = await fetch(`${server.address}${path}`, {
      method: 'POST',
      body,
      headers: signedHeaders(body, { type }),
    });
    expect([name, response.status]).toEqual([name, 200]);
  }
  await expect.poll(() => seen.length, { timeout: 60_000 }).toBe(all.length);
  expect(seen.sort()).toEqual(all.map(({ text }) => text).sort());
  // The last handlers of the last sample run after `any`.
  await expect.poll(() => handled.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(all.length);
  expect(handled.sort()).toEqual(all.map(({ text, handler: name }) => `${name} ${text}`).sort());
}

describe.each(await sampleSets())(
  'payloads of $origin, signed, through ingress and queue to their handlers',
  (samples) => {
    for (const backend of BACKENDS) {
      const { startBroker } = backend;
      if (startBroker === undefined) test(backend.name, () => allThrough(samples, backend));
      else {
        describeWithOwnBroker(backend.name, startBroker, (broker) =>
          test('all reach their handlers', () => allThrough(samples, backend, broker)),
        );
      }
    }
  },
);
