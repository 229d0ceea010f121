import { request } from 'node:http';
import { connect } from 'node:net';
import type { QueueBackend } from '@slack-mcp/core';
import { sampleSets } from '@slack-mcp/test-support/samples';
import { describe, expect, test, vi } from 'vitest';
import { errorOf, memoryBackend, startIngress, take } from '../support/ingress-server.ts';
import { FORM_TYPE, form, JSON_TYPE, SECRET, signedHeaders } from '../support/signed.ts';

const EVENT = {
  type: 'event_callback',
  event_id: 'Ev1',
  event: { type: 'app_mention', channel: 'C1', text: 'sesame' },
};
const BODY = JSON.stringify(EVENT);
const NESTED = `{"type":"event_callback","event":{"type":"message","x":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`;
const PATHS = ['/slack/events', '/slack/interactivity', '/slack/commands'];

async function undeliveredMessages(backend: QueueBackend): Promise<number> {
  const { detail } = await backend.health();
  return Number(detail['slack_events/workers undelivered'] ?? 0);
}

describe('requests from Slack', () => {
  test.each(PATHS)('queues an event at %s before it answers 200', async (path) => {
    const backend = memoryBackend();
    const { post, results } = await startIngress(backend);
    const headers = {
      ...signedHeaders(BODY),
      'x-slack-retry-num': '2',
      'x-slack-retry-reason': 'http_timeout',
      'x-correlation-id': 'trace-1',
    };
    const response = await post(path, BODY, headers);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    expect(response.headers.get('x-correlation-id')).toBe('trace-1');
    expect(results).toEqual(['published']);
    const [message] = await take(backend, 1);
    expect(message?.payload).toEqual(EVENT);
    expect(message?.metadata).toMatchObject({ messageId: 'Ev1', orderingKey: 'C1', key: 'slack_events' });
    expect(message?.metadata.headers).toEqual({
      kind: 'app_mention',
      'x-slack-event-id': 'Ev1',
      'x-correlation-id': 'trace-1',
      'x-slack-retry-num': '2',
      'x-slack-retry-reason': 'http_timeout',
    });
  });

  test('queues app_rate_limited, which has no inner event', async () => {
    const backend = memoryBackend();
    const { post } = await startIngress(backend);
    const body = JSON.stringify({ type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1, api_app_id: 'A1' });
    expect((await post('/slack/events', body, signedHeaders(body))).status).toBe(200);
    const [message] = await take(backend, 1);
    expect(message?.metadata.headers['kind']).toBe('app_rate_limited');
    expect(message?.metadata.orderingKey).toBeUndefined();
  });

  test('queues a command and an interaction sent as forms', async () => {
    const backend = memoryBackend();
    const { post } = await startIngress(backend);
    const command = form({ command: '/deploy', text: 'now', channel_id: 'C1', trigger_id: '1.1' });
    const action = form({
      payload: JSON.stringify({ type: 'block_actions', trigger_id: '2.2', channel: { id: 'C2' } }),
    });
    for (const body of [command, action]) {
      const type = `${FORM_TYPE}; charset=utf-8`;
      const response = await post('/slack/events', body, signedHeaders(body, { type }));
      expect([response.status, await response.text()]).toEqual([200, '']);
    }
    const messages = await take(backend, 2);
    expect(
      messages.map(({ metadata }) => [metadata.messageId, metadata.orderingKey, metadata.headers['kind']]),
    ).toEqual([
      ['1.1', 'C1', 'slash_command'],
      ['2.2', 'C2', 'block_actions'],
    ]);
  });

  test('answers an options request with options', async () => {
    const { post } = await startIngress(memoryBackend());
    const body = form({ payload: JSON.stringify({ type: 'block_suggestion', value: 'a' }) });
    const response = await post('/slack/interactivity', body, signedHeaders(body, { type: FORM_TYPE }));
    expect([response.status, await response.json()]).toEqual([200, { options: [] }]);
  });

  test('queues each type under its own key with routing by type', async () => {
    const keys = ['slack_events', 'slack.events.app_mention'];
    const backend = memoryBackend({ keys });
    const env = { SLACK_EVENTS_ROUTING: 'type', QUEUE_KEYS: keys.join() };
    const { post } = await startIngress(backend, { env });
    const other = JSON.stringify({ ...EVENT, event_id: 'Ev2', event: { type: 'reaction_added' } });
    await post('/slack/events', BODY, signedHeaders(BODY));
    await post('/slack/events', other, signedHeaders(other));
    expect((await take(backend, 1, ['slack.events.app_mention']))[0]?.metadata.messageId).toBe('Ev1');
    expect((await take(backend, 1, ['slack_events']))[0]?.metadata.messageId).toBe('Ev2');
  });

  test('marks a retry as a retry', async () => {
    const backend = memoryBackend();
    const { post } = await startIngress(backend);
    const headers = { ...signedHeaders(BODY), 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'connection_failed' };
    expect((await post('/slack/events', BODY, headers)).status).toBe(200);
    expect(await undeliveredMessages(backend)).toBe(1);
  });
});

describe('signatures', () => {
  const now = Math.floor(Date.now() / 1000);

  test.each([
    ['no signature', { 'content-type': JSON_TYPE }, 'missing_signature'],
    ['a signature with another secret', signedHeaders(BODY, { secret: 'another' }), 'wrong_signature'],
    ['a signature of another body', signedHeaders(`${BODY} `), 'wrong_signature'],
    ['an old signature', signedHeaders(BODY, { seconds: now - 3_000 }), 'stale_timestamp'],
    ['a signature from the future', signedHeaders(BODY, { seconds: now + 3_000 }), 'stale_timestamp'],
    [
      'a signature of another version',
      { ...signedHeaders(BODY), 'x-slack-signature': `v1=${'0'.repeat(64)}` },
      'unknown_version',
    ],
  ])('%s: answers a retryable 401 and publishes nothing', async (_name, headers, reason) => {
    const backend = memoryBackend();
    const { post, results, log } = await startIngress(backend);
    const response = await post('/slack/events', BODY, headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('x-slack-no-retry')).toBeNull();
    const error = await errorOf(response);
    expect(error).toMatchObject({ code: 'invalid_signature', component: 'ingress', details: { reason } });
    expect(error.correlation_id).toBe(response.headers.get('x-correlation-id'));
    expect(results).toEqual(['invalid_signature']);
    expect(await undeliveredMessages(backend)).toBe(0);
    expect(log.join()).not.toMatch(/sesame/);
  });

  test('accepts both the new and the old secret during rotation', async () => {
    const { post } = await startIngress(memoryBackend(), {
      signingSecrets: [{ secret: 'the-new-one' }, { secret: SECRET }],
    });
    for (const secret of ['the-new-one', SECRET]) {
      expect((await post('/slack/events', BODY, signedHeaders(BODY, { secret }))).status).toBe(200);
    }
  });
});

describe('handshakes', () => {
  const challenge = JSON.stringify({ type: 'url_verification', token: 'x', challenge: 'abc' });

  test('returns the challenge of a signed request and publishes nothing', async () => {
    const backend = memoryBackend();
    const { post } = await startIngress(backend);
    const response = await post('/slack/events', challenge, signedHeaders(challenge));
    expect([response.status, await response.json()]).toEqual([200, { challenge: 'abc' }]);
    expect(await undeliveredMessages(backend)).toBe(0);
  });

  test('rejects an unsigned challenge', async () => {
    const { post } = await startIngress(memoryBackend());
    const response = await post('/slack/events', challenge, { 'content-type': JSON_TYPE });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toMatch(/abc/);
  });

  test('does not return a challenge in other requests', async () => {
    const backend = memoryBackend();
    const { post } = await startIngress(backend);
    const body = JSON.stringify({ ...EVENT, challenge: 'abc' });
    const response = await post('/slack/events', body, signedHeaders(body));
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(await undeliveredMessages(backend)).toBe(1);
  });

  test('answers ssl_check without a signature and publishes nothing', async () => {
    const backend = memoryBackend();
    const { post, results } = await startIngress(backend);
    const response = await post('/slack/commands', 'ssl_check=1&token=x', { 'content-type': FORM_TYPE });
    expect([response.status, results]).toEqual([200, ['ssl_check']]);
    expect(await undeliveredMessages(backend)).toBe(0);
  });
});

describe('recognizes a signed body when a proxy removed or changed its content type', () => {
  const command = 'command=%2Fdeploy&text=now&trigger_id=1';
  const interaction = `payload=${encodeURIComponent(JSON.stringify({ type: 'shortcut', trigger_id: '2' }))}`;
  test.each([
    ['JSON without a content type', undefined, BODY, 'app_mention'],
    ['JSON with a duplicated content type', 'application/json, application/json', BODY, 'app_mention'],
    ['JSON with an invalid content type', ';', BODY, 'app_mention'],
    ['JSON as text', 'text/plain', BODY, 'app_mention'],
    ['a command without a content type', undefined, command, 'slash_command'],
    ['a command with a duplicated content type', `${FORM_TYPE},${FORM_TYPE}`, command, 'slash_command'],
    ['an interaction as bytes', 'application/octet-stream', interaction, 'shortcut'],
  ])('%s', async (_name, type, body, kind) => {
    const backend = memoryBackend();
    const { url } = await startIngress(backend);
    const { 'content-type': _signed, ...headers } = signedHeaders(body);
    const { status } = await rawPost(`${url}/slack/events`, body, {
      ...headers,
      ...(type === undefined ? {} : { 'content-type': type }),
    });
    expect(status).toBe(200);
    expect((await take(backend, 1))[0]?.metadata.headers['kind']).toBe(kind);
  });

  test('still rejects it without a signature', async () => {
    const { url } = await startIngress(memoryBackend());
    expect((await rawPost(`${url}/slack/events`, BODY, {})).status).toBe(401);
  });
});

/** Posts with exactly these headers; `fetch` would add a content type. */
function rawPost(url: string, body: string, headers: Record<string, string>): Promise<{ status: number }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } });
    sent.on('response', (response) => resolve({ status: response.resume().statusCode ?? 0 })).on('error', reject);
    sent.end(body);
  });
}

describe('requests that can never succeed', () => {
  test.each([
    ['not JSON', JSON_TYPE, '{"text":"sesame"', 400, 'malformed_body'],
    ['not UTF-8', JSON_TYPE, Buffer.from([0x7b, 0xff, 0x7d]), 400, 'malformed_body'],
    ['nothing', JSON_TYPE, '', 400, 'malformed_body'],
    ['a form without known fields', FORM_TYPE, 'text=sesame', 400, 'malformed_body'],
    ['neither JSON nor a form', 'text/plain', 'sesame', 415, 'unsupported_media_type'],
    ['a body nested deeper than a queue accepts', JSON_TYPE, NESTED, 400, 'malformed_body'],
    ['an unrelated form without a content type', ';', 'a=b', 415, 'unsupported_media_type'],
  ])('rejects %s', async (_name, type, body, status, code) => {
    const backend = memoryBackend();
    const { post, results, log } = await startIngress(backend);
    const response = await post('/slack/events', body, signedHeaders(body, { type }));
    expect(response.status).toBe(status);
    expect(response.headers.get('x-slack-no-retry')).toBe('1');
    expect(await errorOf(response)).toMatchObject({ code, component: 'ingress' });
    expect(results).toEqual([code]);
    expect(await undeliveredMessages(backend)).toBe(0);
    expect(log.join()).not.toMatch(/sesame/);
  });

  test('accepts 4 MiB and rejects one byte more', async () => {
    const backend = memoryBackend();
    const { post, results } = await startIngress(backend);
    const limit = 4 * 1024 * 1024;
    const frame = JSON.stringify({ ...EVENT, padding: '' }).length;
    const body = JSON.stringify({ ...EVENT, padding: 'x'.repeat(limit - frame) });
    expect(body.length).toBe(limit);
    expect((await post('/slack/events', body, signedHeaders(body))).status).toBe(200);

    const tooLong = await post('/slack/events', `${body} `, signedHeaders(`${body} `));
    expect(tooLong.status).toBe(413);
    expect(tooLong.headers.get('x-slack-no-retry')).toBe('1');
    expect((await errorOf(tooLong)).code).toBe('body_too_large');
    expect(results).toEqual(['published', 'body_too_large']);
    expect(await undeliveredMessages(backend)).toBe(1);
  });

  test('answers 413 to a payload that the backend can never accept, logs and counts it', async () => {
    const { post, results, log } = await startIngress(memoryBackend({ maxPayloadBytes: 50 }));
    const response = await post('/slack/events', BODY, signedHeaders(BODY));
    expect([response.status, response.headers.get('x-slack-no-retry')]).toEqual([413, '1']);
    expect(results).toEqual(['queue_payload_too_large']);
    expect(log).toEqual([expect.stringMatching(/^warn .*exceeds the limit of 50 bytes.*webhook_request_refused/)]);
    expect(log.join()).not.toMatch(/sesame/);
  });

  test('rejects other methods and paths', async () => {
    const { url } = await startIngress(memoryBackend());
    const response = await fetch(`${url}/slack/events`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await fetch(`${url}/slack/event`, { method: 'POST' })).status).toBe(404);
  });
});

describe('when the queue does not accept an event', () => {
  test('answers 503 for a closed backend, so that Slack retries', async () => {
    const backend = memoryBackend();
    const { post, results, log } = await startIngress(backend);
    await backend.close();
    const response = await post('/slack/events', BODY, signedHeaders(BODY));
    expect([response.status, response.headers.get('x-slack-no-retry')]).toEqual([503, null]);
    expect((await errorOf(response)).code).toBe('queue_unavailable');
    expect(results).toEqual(['queue_unavailable']);
    expect(log.join()).toMatch(/ERR_QUEUE_CLOSED/);
  });

  test('answers 503 for a full backend, and accepts the retry when there is room', async () => {
    const backend = memoryBackend({ maxBacklog: 1 });
    const { post } = await startIngress(backend, { publishTimeoutMs: 100 });
    const second = JSON.stringify({ ...EVENT, event_id: 'Ev2' });
    expect((await post('/slack/events', BODY, signedHeaders(BODY))).status).toBe(200);
    expect((await post('/slack/events', second, signedHeaders(second))).status).toBe(503);
    expect((await take(backend, 1))[0]?.metadata.messageId).toBe('Ev1');
    const retry = { ...signedHeaders(second), 'x-slack-retry-num': '1' };
    await vi.waitFor(async () => expect((await post('/slack/events', second, retry)).status).toBe(200), 10_000);
    expect((await take(backend, 1))[0]?.metadata.messageId).toBe('Ev2');
  });

  test('answers 503 in time for a stuck backend, and does not lose the retry', async () => {
    const backend = memoryBackend();
    let hanging = true;
    const publish: QueueBackend['publish'] = (...args) => (hanging ? new Promise(() => {}) : backend.publish(...args));
    const { post, results } = await startIngress({ publish }, { publishTimeoutMs: 200 });
    const started = performance.now();
    expect((await post('/slack/events', BODY, signedHeaders(BODY))).status).toBe(503);
    expect(performance.now() - started).toBeLessThan(2_500);
    hanging = false;
    expect((await post('/slack/events', BODY, signedHeaders(BODY))).status).toBe(200);
    expect(results).toEqual(['queue_unavailable', 'published']);
    expect((await take(backend, 1))[0]?.payload).toEqual(EVENT);
  });

  test('handles every rejection of a backend that throws synchronously or rejects late', async () => {
    let reject: (error: Error) => void = () => {};
    const late = new Promise<void>((_resolve, fail) => {
      reject = fail;
    });
    const answers = [
      () => late,
      () => {
        throw new Error('broken');
      },
    ];
    const { post } = await startIngress({ publish: () => answers.shift()?.() ?? late }, { publishTimeoutMs: 50 });
    expect((await post('/slack/events', BODY, signedHeaders(BODY))).status).toBe(503);
    reject(new Error('too late'));
    expect((await post('/slack/events', BODY, signedHeaders(BODY))).status).toBe(503);
  });

  test.each([
    ['an event id that is too long', { event_id: `Ev${'x'.repeat(300)}` }],
    ['an event id in too many bytes', { event_id: 'é'.repeat(200) }],
    ['half a character in the event id', { event_id: 'Ev\ud800' }],
    ['a channel that is too long', { event: { type: 'message', channel: 'C'.repeat(300) } }],
    ['half a character in the channel', { event: { type: 'message', channel: 'C\ud800' } }],
    ['half a character in the type', { event: { type: 'message\ud800' } }],
    ['a type of 10 kB', { event: { type: 'm'.repeat(10_240) } }],
    ['a type of many characters in halves', { event: { type: `m${'😀'.repeat(5_000)}` } }],
  ])('publishes an event with %s, without inflating headers or logs', async (_what, odd) => {
    const backend = memoryBackend();
    const { post, log } = await startIngress(backend);
    const payload = { type: 'event_callback', event: { type: 'message' }, ...odd };
    const body = JSON.stringify(payload);
    for (const retry of [0, 1]) {
      const response = await post('/slack/events', body, { ...signedHeaders(body), 'x-slack-retry-num': `${retry}` });
      expect(response.status).toBe(200);
    }
    const [message] = await take(backend, 1);
    expect(message?.payload).toEqual(payload);
    expect(message?.metadata.headers['kind']?.length).toBeLessThanOrEqual(128);
    expect(log.join('').length).toBeLessThan(2_000);
    expect((await backend.health()).detail['stored']).toBe(1);
  });

  test('answers 503 at once under overload, and accepts requests afterwards', async () => {
    const backend = memoryBackend();
    const gate = Promise.withResolvers<void>();
    const publish: QueueBackend['publish'] = async (...args) => {
      await gate.promise;
      return backend.publish(...args);
    };
    const { post, results, ingress } = await startIngress({ publish }, { maxInFlight: 1 });
    const first = post('/slack/events', BODY, signedHeaders(BODY));
    await vi.waitFor(() => expect(ingress.admission.inFlight).toBe(1), 10_000);
    const refused = await post('/slack/events', BODY, signedHeaders(BODY));
    expect([refused.status, (await errorOf(refused)).code]).toEqual([503, 'overloaded']);
    gate.resolve();
    expect((await first).status).toBe(200);
    await vi.waitFor(() => expect(ingress.admission.inFlight).toBe(0), 10_000);
    expect((await post('/slack/events', BODY, signedHeaders(BODY))).status).toBe(200);
    expect(results).toEqual(['overloaded', 'published', 'published']);
  });

  test('releases the bytes of a client that disconnects in the middle of a body', async () => {
    const { url, ingress } = await startIngress(memoryBackend(), { maxInFlight: 1 });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    );
    await vi.waitFor(() => expect(ingress.admission.arrivingBytes).toBe(1), 10_000);
    socket.destroy();
    await vi.waitFor(() => expect(ingress.admission.arrivingBytes).toBe(0), 10_000);
  });
});

describe.each(await sampleSets())('payloads of $origin', ({ events, interactions }) => {
  async function passThrough(sent: { path: string; type: string; body: string; text: string }[]): Promise<void> {
    const backend = memoryBackend();
    const { post } = await startIngress(backend);
    for (const { path, type, body, text } of sent) {
      const { status } = await post(path, body, signedHeaders(body, { type }));
      expect(status, text).toBe(200);
    }
    const messages = await take(backend, sent.length);
    expect(messages.map(({ payload }) => JSON.stringify(payload)).sort()).toEqual(sent.map(({ text }) => text).sort());
  }

  test('deliver events equal as JSON', () =>
    passThrough(events.map(({ text }) => ({ path: '/slack/events', type: JSON_TYPE, body: text, text }))));

  test('deliver interactions and commands equal as JSON', () =>
    passThrough(
      interactions.map(({ handler, text }) => {
        const body = form(handler === 'command' ? JSON.parse(text) : { payload: text });
        return { path: '/slack/interactivity', type: FORM_TYPE, body, text };
      }),
    ));
});
