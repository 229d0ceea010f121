import { encodePayload, type PublishPayload, type QueueBackend } from '@slack-mcp/core';
import { expect, onTestFinished, test } from 'vitest';
import { createWebhookServer } from '../../src/index.ts';
import { memoryBackend, recordingLogger, startIngress } from '../support/ingress-server.ts';
import { startRawSocketMode } from '../support/raw-socket-mode.ts';
import { FORM_TYPE, form, signedHeaders } from '../support/signed.ts';

async function start() {
  const published: PublishPayload[] = [];
  const publish: QueueBackend['publish'] = async (_key, payload) => {
    published.push(payload);
  };
  const server = await startIngress({ publish });
  return { ...server, published };
}

const ODD =
  '{ "type":"event_callback", "event_id":"Ev1",\n\t"event":{"type":"message","text":"\\u00e9\\/😀"},"n":9007199254740993,"huge":1e999,"f":1.50,"n":9007199254740995}';

test('queues an event as the exact text from Slack, including numbers beyond 2^53', async () => {
  const { post, published } = await start();
  expect((await post('/slack/events', ODD, signedHeaders(ODD))).status).toBe(200);
  expect(published.map((payload) => encodePayload(payload))).toEqual([ODD]);
});

test('queues an interaction as the exact text in its form', async () => {
  const { post, published } = await start();
  const payload = '{ "type":"block_actions", "trigger_id":"1.2", "n":9007199254740993 }';
  const body = form({ payload });
  expect((await post('/slack/interactivity', body, signedHeaders(body, { type: FORM_TYPE }))).status).toBe(200);
  expect(published.map((each) => encodePayload(each))).toEqual([payload]);
});

test('queues a command, which is not JSON, as its fields', async () => {
  const { post, published } = await start();
  const body = form({ command: '/deploy', text: 'now', trigger_id: '1.2' });
  expect((await post('/slack/commands', body, signedHeaders(body, { type: FORM_TYPE }))).status).toBe(200);
  expect(published).toEqual([{ command: '/deploy', text: 'now', trigger_id: '1.2' }]);
});

test('over Socket Mode, the queue stores the text that Slack sent', async () => {
  const command = '{"command":"/deploy", "trigger_id":"1.2", "n":9007199254740993}';
  const envelopes = [
    `{"envelope_id":"1","type":"events_api","payload": ${ODD} ,"accepts_response_payload":false}`,
    `{"payload":${command},"type":"slash_commands","envelope_id":"2","accepts_response_payload":true}`,
    '{"envelope_id":"3","type":"events_api","payload":[1]}',
    '{"envelope_id":"4","type":"events_api"}',
  ];
  const published: PublishPayload[] = [];
  const backend = memoryBackend();
  backend.publish = async (_key, payload) => {
    published.push(payload);
  };
  const server = createWebhookServer({
    backend,
    socketMode: { appToken: 'xapp-simulator' },
    apiUrl: await startRawSocketMode(envelopes),
    port: 0,
    logger: recordingLogger(),
  });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  await expect
    .poll(() => published.map((payload) => encodePayload(payload)), { timeout: 20_000 })
    .toEqual([ODD, command]);
});
