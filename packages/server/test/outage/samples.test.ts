import type { StartedBroker } from '@slack-mcp/brokers';
import { describeWithOwnBroker } from '@slack-mcp/brokers/vitest';
import { createConsumer, type HandlerContext } from '@slack-mcp/consumer';
import { silentLogger } from '@slack-mcp/core';
import { hasSamples, samples } from '@slack-mcp/test-support';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWebhookServer } from '../../src/index.ts';
import { BACKENDS, type BackendUnderTest } from '../support/backends.ts';
import { FORM_TYPE, form, JSON_TYPE, SECRET, signedHeaders } from '../support/signed.ts';

/** A sample as Slack would send it. */
interface Sent {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly body: string;
  /** What must come out. */
  readonly text: string;
  /** The handler that must be called with it. */
  readonly handler: string;
}

const HANDLERS: Readonly<Record<string, string>> = {
  AttachmentActionPayload: 'action',
  BlockActionPayload: 'action',
  DialogCancellationPayload: 'action',
  DialogSubmissionPayload: 'action',
  DialogSuggestionPayload: 'options',
  MessageShortcutPayload: 'shortcut',
  SlashCommandPayload: 'command',
  ViewClosedPayload: 'view closed',
  ViewSubmissionPayload: 'view',
};

function sent(): Sent[] {
  const events = samples('events').map(({ name, text }) => ({
    ...{ name, path: '/slack/events', type: JSON_TYPE, body: text, text, handler: `on ${typeOf(text)}` },
  }));
  const interactions = samples('interactivity').map(({ name, text }) => {
    const handler = HANDLERS[name] ?? 'none';
    if (name !== 'SlashCommandPayload') {
      return { name, path: '/slack/interactivity', type: FORM_TYPE, body: form({ payload: text }), text, handler };
    }
    const fields = Object.entries(JSON.parse(text) as object).map(([key, value]) => [key, String(value)] as const);
    const command = Object.fromEntries(fields);
    return {
      name,
      path: '/slack/commands',
      type: FORM_TYPE,
      body: form(command),
      text: JSON.stringify(command),
      handler,
    };
  });
  return [...events, ...interactions];
}

function typeOf(text: string): string {
  return (JSON.parse(text) as { event: { type: string } }).event.type;
}

async function allThrough({ open }: BackendUnderTest, broker?: StartedBroker): Promise<void> {
  const backend = open(broker);
  onTestFinished(() => backend.close({ drainTimeoutMs: 0 }));
  const server = createWebhookServer({ signingSecret: SECRET, port: 0, backend });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();

  const all = sent();
  const seen: string[] = [];
  const handled: string[] = [];
  const consumer = createConsumer({ backend, group: 'workers', logger: silentLogger });
  consumer.any(({ envelope }) => void seen.push(JSON.stringify(envelope)));
  const handler =
    (name: string) =>
    (_data: unknown, { envelope }: HandlerContext): void =>
      void handled.push(`${name} ${JSON.stringify(envelope)}`);
  for (const type of new Set(samples('events').map(({ text }) => typeOf(text)))) {
    consumer.on(type as 'message', handler(`on ${type}`));
  }
  // In the samples every name is empty.
  for (const method of ['action', 'command', 'options', 'shortcut', 'view'] as const) {
    consumer[method]('', handler(method));
  }
  consumer.view('', { closed: true }, handler('view closed'));
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
  // The last handlers of the last sample come after `any`.
  await expect.poll(() => handled.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(all.length);
  expect(handled.sort()).toEqual(all.map(({ text, handler: name }) => `${name} ${text}`).sort());
}

describe.skipIf(!hasSamples)("Slack's samples, signed, through ingress and queue to their typed handlers", () => {
  for (const backend of BACKENDS) {
    const { startBroker } = backend;
    if (startBroker === undefined) test(backend.name, () => allThrough(backend));
    else describeWithOwnBroker(backend.name, startBroker, (broker) => test('all', () => allThrough(backend, broker)));
  }
});
