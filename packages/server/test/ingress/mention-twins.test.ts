import { type JsonObject, payloadOf, type QueueBackend } from '@slack-mcp/core';
import { describe, expect, test, vi } from 'vitest';
import { describeDelivery } from '../../src/ingress/delivery.ts';
import { createMentionTwins } from '../../src/ingress/mention-twins.ts';
import { startIngress } from '../support/ingress-server.ts';
import { signedHeaders } from '../support/signed.ts';

interface Change {
  readonly id: string;
  readonly event?: JsonObject;
  readonly app?: string;
}

function body(type: string, { id, event = {}, app = 'A1' }: Change): string {
  return JSON.stringify({
    type: 'event_callback',
    event_id: id,
    team_id: 'T1',
    api_app_id: app,
    authorizations: [{ user_id: 'UBOT', is_bot: true }],
    event: { type, channel: 'C1', ts: '1.1', text: '<@UBOT> hello', ...event },
  });
}

const mention = (change: Change) => body('app_mention', change);
const message = (change: Change) => body('message', change);

async function start(collapseMentions: boolean) {
  const published: string[] = [];
  const held: (() => Promise<void>)[] = [];
  const publish: QueueBackend['publish'] = async (_key, payload) => {
    await held.shift()?.();
    published.push(String(payloadOf(payload)['event_id']));
  };
  const server = await startIngress({ publish }, { collapseMentions });
  const send = async (text: string) => (await server.post('/slack/events', text, signedHeaders(text))).status;
  return { ...server, published, held, send };
}

test('publishes both by default', async () => {
  const { send, published } = await start(false);
  expect([await send(mention({ id: 'm' })), await send(message({ id: 't' }))]).toEqual([200, 200]);
  expect(published).toEqual(['m', 't']);
});

describe('with collapseMentions', () => {
  test('drops the message of a mention, whichever arrives first', async () => {
    const { send, published, results, ingress } = await start(true);
    expect([await send(mention({ id: 'm1' })), await send(message({ id: 't1' }))]).toEqual([200, 200]);
    const second = { event: { ts: '2.2' } };
    const waiting = send(message({ id: 't2', ...second }));
    await vi.waitFor(() => expect(ingress.admission.inFlight).toBe(1), 10_000);
    expect([await send(mention({ id: 'm2', ...second })), await waiting]).toEqual([200, 200]);
    expect(published).toEqual(['m1', 'm2']);
    expect(results).toEqual(['published', 'collapsed', 'published', 'collapsed']);
  });

  test('publishes a message whose mention never arrives, because an app may not subscribe to mentions', async () => {
    const { send, published } = await start(true);
    expect(await send(message({ id: 't' }))).toBe(200);
    expect(published).toEqual(['t']);
  });

  test('does not delay a message that does not mention the app', async () => {
    const { hasTwin } = createMentionTwins(3_600_000);
    const texts = [
      { text: 'hello' },
      { text: '<@UALICE> hello' },
      { text: '<@UBOT> hello', channel_type: 'im', channel: 'D1' },
    ];
    for (const event of texts) {
      const payload = JSON.parse(message({ id: 't', event })) as JsonObject;
      const delivery = describeDelivery('event', payload, Buffer.from(''));
      if (delivery === undefined) throw new Error('not a delivery');
      const waits = new Promise((resolve) => setImmediate(resolve, 'waits'));
      expect(await Promise.race([hasTwin(delivery), waits]), event.text).toBe(false);
    }
  });

  test('publishes a message if the queue did not accept its mention', async () => {
    const { send, published, held } = await start(true);
    held.push(() => Promise.reject(new Error('away')));
    expect(await send(mention({ id: 'm' }))).toBe(503);
    expect(await send(message({ id: 't' }))).toBe(200);
    expect(await send(mention({ id: 'm' }))).toBe(200);
    expect(published).toEqual(['t', 'm']);
  });

  test.each<[string, Change]>([
    ['of another post', { id: 't', event: { ts: '1.2', text: 'hello' } }],
    ['in another channel', { id: 't', event: { channel: 'C2', text: 'hello' } }],
    ['that reports a change', { id: 't', event: { subtype: 'message_changed' } }],
    ['for another app', { id: 't', app: 'A2', event: { text: 'hello' } }],
    ['without a ts', { id: 't', event: { ts: '' } }],
  ])('publishes a message %s', async (_name, change) => {
    const { send, published } = await start(true);
    await send(mention({ id: 'm' }));
    expect(await send(message(change))).toBe(200);
    expect(published).toEqual(['m', 't']);
  });

  const element = { type: 'rich_text_section', elements: [{ type: 'user', user_id: 'UBOT' }] };
  test.each<[string, JsonObject]>([
    ['from a thread to the channel', { subtype: 'thread_broadcast', root: { ts: '0.9' } }],
    ['of another bot', { subtype: 'bot_message', bot_id: 'B9' }],
    ['with /me', { subtype: 'me_message' }],
    ['with a file', { subtype: 'file_share' }],
    [
      'that mentions the app only in its blocks',
      { text: 'hello', blocks: [{ type: 'rich_text', elements: [element] }] },
    ],
    ['that mentions the app in a text of its blocks', { text: '', blocks: [{ text: { text: 'hi <@UBOT>' } }] }],
  ])('combines a message %s with its mention, message first', async (_name, event) => {
    const { send, published, ingress } = await start(true);
    const waiting = send(message({ id: 't', event }));
    await vi.waitFor(() => expect(ingress.admission.inFlight).toBe(1), 10_000);
    await send(mention({ id: 'm', event }));
    expect(await waiting).toBe(200);
    expect(published).toEqual(['m']);
  });

  test('combines the two when they name different workspaces of a shared channel', async () => {
    const { send, published } = await start(true);
    await send(mention({ id: 'm' }));
    const other = message({ id: 't' }).replace('"team_id":"T1"', '"team_id":"T2"');
    expect(await send(other)).toBe(200);
    expect(published).toEqual(['m']);
  });

  test.each<[string, JsonObject]>([
    ['a direct message', { channel: 'D1', channel_type: 'im' }],
    ['a message in a direct channel without its type', { channel: 'D1' }],
    ['a message in the app home', { channel: 'D2', channel_type: 'app_home' }],
  ])('does not delay %s that mentions the app: Slack sends no mention', async (_name, event) => {
    const { send, published } = await start(true);
    // The second would overtake the first if the first waited.
    await Promise.all([send(message({ id: '1', event })), send(message({ id: '2', event: { ...event, text: 'x' } }))]);
    expect(published).toEqual(['1', '2']);
  });

  test('never drops a mention', async () => {
    const { send, published } = await start(true);
    for (const id of ['m1', 'm2']) expect(await send(mention({ id }))).toBe(200);
    expect(published).toEqual(['m1', 'm2']);
  });
});
