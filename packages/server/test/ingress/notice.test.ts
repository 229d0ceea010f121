import type { JsonObject } from '@slack-mcp/core';
import Fastify from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { memoryBackend, startIngress } from '../support/ingress-server.ts';
import { FORM_TYPE, form, signedHeaders } from '../support/signed.ts';

/** What a user's interaction is answered when the queue is closed. */
async function answerTo(fields: Record<string, string>) {
  const backend = memoryBackend();
  const { post, results } = await startIngress(backend);
  await backend.close();
  const body = form(fields);
  const response = await post('/slack/interactivity', body, signedHeaders(body, { type: FORM_TYPE }));
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as JsonObject), results };
}

function interaction(payload: JsonObject) {
  return answerTo({ payload: JSON.stringify(payload) });
}

/** A `response_url` that takes messages, or does not. */
async function responseUrl(status: number) {
  const received: unknown[] = [];
  const app = Fastify();
  app.post('/', async (request, reply) => {
    received.push(request.body);
    return reply.code(status).send('ok');
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  return { url, received };
}

const EPHEMERAL = { response_type: 'ephemeral', replace_original: false, text: expect.stringMatching(/try again/i) };

describe('a user whose input the queue does not take', () => {
  test('of a command is told in the answer', async () => {
    const answer = await answerTo({ command: '/deploy', trigger_id: '1.1' });
    expect(answer).toEqual({ status: 200, body: EPHEMERAL, results: ['queue_unavailable'] });
  });

  test('of a view sees an error beside its first input, and keeps what was entered', async () => {
    const blocks = [
      { type: 'section', block_id: 's1' },
      { type: 'input', block_id: 'i1' },
      { type: 'input', block_id: 'i2' },
    ];
    const { status, body } = await interaction({ type: 'view_submission', view: { blocks } });
    expect([status, body]).toEqual([200, { response_action: 'errors', errors: { i1: EPHEMERAL.text } }]);
  });

  test.each([[{ blocks: [{ type: 'section' }] }], [{ blocks: [null, 5] }], [{}], [null]])(
    'of a view without inputs (%j) sees another view',
    async (view) => {
      const { status, body } = await interaction({ type: 'view_submission', view: view as JsonObject | null });
      expect([status, body]).toMatchObject([200, { response_action: 'update', view: { type: 'modal' } }]);
    },
  );

  test.each(['block_suggestion', 'dialog_suggestion'])('of %s sees no options', async (type) => {
    const { status, body } = await interaction({ type, value: 'a' });
    expect([status, body]).toEqual([200, { options: [] }]);
  });

  test('of a dialog sees an error', async () => {
    const { status, body } = await interaction({ type: 'dialog_submission', submission: { name: 'x' } });
    expect([status, body]).toEqual([200, { errors: [{ name: 'name', error: EPHEMERAL.text }] }]);
  });

  test('of a message button of old is told in the answer', async () => {
    expect(await interaction({ type: 'interactive_message' })).toMatchObject({ status: 200, body: EPHEMERAL });
  });

  test('of a button is told through the response_url', async () => {
    const { url, received } = await responseUrl(200);
    const { status } = await interaction({ type: 'block_actions', response_url: url });
    expect([status, received]).toEqual([200, [EPHEMERAL]]);
  });

  test('an event is left to the retry of Slack, whatever it holds', async () => {
    const { url, received } = await responseUrl(200);
    const backend = memoryBackend();
    const { post } = await startIngress(backend);
    await backend.close();
    const body = JSON.stringify({ type: 'event_callback', event: { type: 'view_submission' }, response_url: url });
    expect((await post('/slack/events', body, signedHeaders(body))).status).toBe(503);
    expect(received).toEqual([]);
  });

  test.each([
    ['there is no response_url', async () => ({})],
    ['Slack refuses it', async () => ({ response_url: (await responseUrl(500)).url })],
    ['nobody answers there', async () => ({ response_url: 'http://127.0.0.1:1/' })],
    ['it is not one to call', async () => ({ response_url: 'http://169.254.169.254/latest' })],
    ['it is no URL', async () => ({ response_url: 'file:///etc/passwd' })],
  ])('is told by Slack itself, as of a status other than 200, where %s', async (_why, fields) => {
    const { status, results } = await interaction({ type: 'shortcut', ...(await fields()) });
    expect([status, results]).toEqual([503, ['queue_unavailable']]);
  });
});
