import {
  ConnectionError,
  ConnectionRefusedError,
  type JsonObject,
  PublishError,
  type QueueBackend,
  QueueClosedError,
  QueueFullError,
  QueueTimeoutError,
  UnroutableError,
} from '@slack-mcp/core';
import { createSlackEgress, type SlackEgress } from '@slack-mcp/slack';
import Fastify from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { memoryBackend, startIngress } from '../support/ingress-server.ts';
import { FORM_TYPE, form, signedHeaders } from '../support/signed.ts';

type Publish = QueueBackend['publish'];

/** The response to a user's interaction when the queue is closed. */
async function answerTo(fields: Record<string, string>, egress?: SlackEgress) {
  const backend = memoryBackend();
  const { post, results } = await startIngress(backend, egress === undefined ? {} : { egress });
  await backend.close();
  const body = form(fields);
  const response = await post('/slack/interactivity', body, signedHeaders(body, { type: FORM_TYPE }));
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as JsonObject), results };
}

function interaction(payload: JsonObject, egress?: SlackEgress) {
  return answerTo({ payload: JSON.stringify(payload) }, egress);
}

/** A `response_url` that accepts messages, or rejects them. */
async function responseUrl(status: number, headers: Record<string, string> = {}) {
  const received: unknown[] = [];
  const app = Fastify();
  app.post('/', async (request, reply) => {
    received.push(request.body);
    return reply.code(status).headers(headers).send('ok');
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  return { url, received };
}

const EPHEMERAL = { response_type: 'ephemeral', replace_original: false, text: expect.stringMatching(/try again/i) };

describe('a user whose input the queue does not accept', () => {
  test('of a command is notified in the response', async () => {
    const answer = await answerTo({ command: '/deploy', trigger_id: '1.1' });
    expect(answer).toEqual({ status: 200, body: EPHEMERAL, results: ['queue_unavailable'] });
  });

  test('of a view sees an error next to its first input, and keeps the entered values', async () => {
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

  test('of a legacy message button is notified in the response', async () => {
    expect(await interaction({ type: 'interactive_message' })).toMatchObject({ status: 200, body: EPHEMERAL });
  });

  test('of a button is notified through the response_url', async () => {
    const { url, received } = await responseUrl(200);
    // The notice has 400 ms. Its first request can take longer on a busy machine.
    const status = async () => (await interaction({ type: 'block_actions', response_url: url })).status;
    await expect.poll(status).toBe(200);
    expect(received.at(-1)).toEqual(EPHEMERAL);
  });

  test('leaves every event to the retry of Slack', async () => {
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
    ['Slack refuses the message', async () => ({ response_url: (await responseUrl(500)).url })],
    ['no server responds there', async () => ({ response_url: 'http://127.0.0.1:1/' })],
    ['the response_url must not be called', async () => ({ response_url: 'http://169.254.169.254/latest' })],
    ['the response_url is not an http URL', async () => ({ response_url: 'file:///etc/passwd' })],
    [
      'the response_url has another host',
      async () => ({ response_url: 'https://hooks.slack.com.example.com/actions/1' }),
    ],
    ['the response_url is not encrypted', async () => ({ response_url: 'http://hooks.slack.com/actions/1' })],
    ['the response_url contains credentials', async () => ({ response_url: 'https://slack.com@example.com/' })],
    ['the response_url has another port', async () => ({ response_url: 'https://hooks.slack.com:8443/' })],
  ])('is notified by Slack itself, through a status other than 200, when %s', async (_why, fields) => {
    const { status, results } = await interaction({ type: 'shortcut', ...(await fields()) });
    expect([status, results]).toEqual([503, ['queue_unavailable']]);
  });
});

describe('a response_url', () => {
  test('on a loopback address is not called when the Web API is Slack’s', async () => {
    const { url, received } = await responseUrl(200);
    const { status } = await interaction({ type: 'block_actions', response_url: url }, createSlackEgress());
    expect([status, received]).toEqual([503, []]);
  });

  test('that redirects is not followed', async () => {
    const target = await responseUrl(200);
    const { url } = await responseUrl(307, { location: target.url });
    const { status } = await interaction({ type: 'block_actions', response_url: url });
    expect([status, target.received]).toEqual([503, []]);
  });
});

describe('the notice says that nothing was done only when that is certain:', () => {
  const view = { type: 'view_submission', view: { blocks: [{ type: 'input', block_id: 'i1' }] } };
  const CERTAIN = expect.stringMatching(/nothing was done. Please try again/) as string;
  const UNCERTAIN = expect.stringMatching(/may still be processed, so please check before you try again/) as string;

  async function textsAfter(publish: () => Promise<void>) {
    const { url, received } = await responseUrl(200);
    const { post } = await startIngress({ publish }, { publishTimeoutMs: 50 });
    const send = async (fields: Record<string, string>) => {
      const body = form(fields);
      const response = await post('/slack/interactivity', body, signedHeaders(body, { type: FORM_TYPE }));
      const text = await response.text();
      return text === '' ? undefined : JSON.parse(text);
    };
    const command = await send({ command: '/deploy' });
    const submission = await send({ payload: JSON.stringify(view) });
    const plain = await send({ payload: JSON.stringify({ type: 'view_submission' }) });
    const notices = async (): Promise<number> => {
      await send({ payload: JSON.stringify({ type: 'block_actions', response_url: url }) });
      return received.length;
    };
    await expect.poll(notices).toBeGreaterThan(0);
    const [message] = received as JsonObject[];
    return [command.text, submission.errors.i1, plain.view.blocks[0].text.text, message?.['text']];
  }

  test.each<[string, () => Promise<void>, string]>([
    ['full', () => Promise.reject(new QueueFullError('full')), CERTAIN],
    ['refused', () => Promise.reject(new PublishError('no')), CERTAIN],
    ['no room', () => Promise.reject(new UnroutableError('no')), CERTAIN],
    ['no server listens', () => Promise.reject(new ConnectionRefusedError('no')), CERTAIN],
    ['not confirmed in time', () => Promise.reject(new QueueTimeoutError('late')), UNCERTAIN],
    ['the connection was lost', () => Promise.reject(new ConnectionError('lost')), UNCERTAIN],
    ['closed while in flight', () => Promise.reject(new QueueClosedError('closed')), UNCERTAIN],
    ['an unknown error', () => Promise.reject(new Error('what')), UNCERTAIN],
    ['no answer at all', () => new Promise(() => {}), UNCERTAIN],
  ])('%s', async (_what, publish, text) => {
    expect(await textsAfter(publish)).toEqual([text, text, text, text]);
  });

  test('uses what a backend reports at the last moment', async () => {
    const late = (timeoutMs: number) =>
      new Promise<void>((_resolve, reject) => {
        setTimeout(() => reject(new ConnectionRefusedError('no server listens')), timeoutMs + 1);
      });
    const publish: Publish = (_key, _payload, options) => late(options?.timeoutMs ?? 0);
    const { post } = await startIngress({ publish }, { publishTimeoutMs: 300 });
    const body = form({ command: '/deploy' });
    const response = await post('/slack/commands', body, signedHeaders(body, { type: FORM_TYPE }));
    expect(await response.json()).toMatchObject({ text: CERTAIN });
  });
});

test('sets a shorter deadline for requests that Slack does not repeat, so that the user can still be notified', async () => {
  const given: (number | undefined)[] = [];
  const publish: Publish = async (_key, _payload, options) => {
    given.push(options?.timeoutMs);
  };
  const { post } = await startIngress({ publish });
  const event = JSON.stringify({ type: 'event_callback', event: { type: 'message' } });
  await post('/slack/events', event, signedHeaders(event));
  for (const body of [form({ command: '/x' }), form({ payload: JSON.stringify({ type: 'shortcut' }) })]) {
    await post('/slack/commands', body, signedHeaders(body, { type: FORM_TYPE }));
  }
  expect(given.map((timeoutMs) => Math.ceil((timeoutMs ?? 0) / 100))).toEqual([25, 20, 20]);
});
