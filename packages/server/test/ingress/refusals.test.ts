import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { createHttpApp } from '../../src/http/http-app.ts';
import { slackRoutes } from '../../src/ingress/slack-routes.ts';
import { errorOf, memoryBackend, recordingLogger, startIngress } from '../support/ingress-server.ts';
import { FORM_TYPE, form, signedHeaders } from '../support/signed.ts';

const event = (inner: string) =>
  `{"type":"event_callback","event_id":"Ev1","event":{"type":"message","text":${inner}}}`;

test.each([
  [
    'text that is not JSON',
    'NaN',
    /^the body is invalid: the payload is not valid JSON: use the JSON text of an object$/,
  ],
  ['endless nesting', '['.repeat(50_000) + ']'.repeat(50_000), /nested/],
  ['too much nesting', '['.repeat(1_500) + ']'.repeat(1_500), /nested deeper than 1000/],
])('gives the reason for rejecting %s', async (_what, inner, reason) => {
  const { post, log, results } = await startIngress(memoryBackend());
  const response = await post('/slack/events', event(inner), signedHeaders(event(inner)));
  expect([response.status, response.headers.get('x-slack-no-retry')]).toEqual([400, '1']);
  expect(await errorOf(response)).toMatchObject({
    code: 'malformed_body',
    details: { reason: expect.stringMatching(reason) },
  });
  expect(log).toEqual([expect.stringMatching(/^warn .*webhook_request_refused/)]);
  expect(results).toEqual(['malformed_body']);
});

test('gives the reason for rejecting an interaction with too much nesting', async () => {
  const { post, log } = await startIngress(memoryBackend());
  const body = form({ payload: `{"type":"view_submission","a":${'['.repeat(1_500)}${']'.repeat(1_500)}}` });
  const response = await post('/slack/interactivity', body, signedHeaders(body, { type: FORM_TYPE }));
  expect([response.status, response.headers.get('x-slack-no-retry')]).toEqual([400, '1']);
  expect(log).toEqual([expect.stringMatching(/^warn .*nested deeper than 1000.*webhook_request_refused/)]);
});

test('gives the reason for rejecting a body above the limit', async () => {
  const logger = recordingLogger();
  const { ingress } = await startIngress(memoryBackend());
  const { app } = createHttpApp({ logger });
  await app.register(slackRoutes, { ingress, bodyLimit: 10 });
  const response = await app.inject({ method: 'POST', url: '/slack/events', payload: 'x'.repeat(100) });
  expect([response.statusCode, response.json().error.details]).toEqual([413, { reason: 'above_limit' }]);
});

test('counts a client that disconnects in the middle of a body', async () => {
  const { url, log, results } = await startIngress(memoryBackend());
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(
    'POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{',
  );
  await new Promise((resolve) => setImmediate(resolve));
  socket.end();
  await vi.waitFor(() => expect(results).toEqual(['body_incomplete']), 10_000);
  expect(log.join()).toMatch(/"result":"body_incomplete","reason":"ECONNRESET"/);
});

test('logs rejections that anyone can cause once, and then counts them', async () => {
  const { post, log, results } = await startIngress(memoryBackend());
  for (let index = 0; index < 50; index += 1) {
    expect((await post('/slack/events', '{}', { 'content-type': 'application/json' })).status).toBe(401);
  }
  expect(results).toHaveLength(50);
  expect(log).toHaveLength(1);
  // Rejections of requests that Slack has signed are logged each time.
  for (let index = 0; index < 3; index += 1) {
    const body = '[]';
    expect((await post('/slack/events', body, signedHeaders(body))).status).toBe(400);
  }
  expect(log).toHaveLength(4);
});
