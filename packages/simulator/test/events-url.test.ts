import { expect, test } from 'vitest';
import { buildAppRateLimited, buildEnvelope, buildEvent, createSimulator } from '../src/index.ts';
import { startApp } from './app.ts';
import { startSlack } from './slack.ts';

test.each([
  ['text', (challenge: string) => challenge],
  ['a form', (challenge: string) => `challenge=${challenge}`],
  ['JSON', (challenge: string) => JSON.stringify({ challenge })],
])('accepts the challenge returned as %s', async (_, echo) => {
  const app = await startApp(({ body }) => ({ status: 200, body: echo(JSON.parse(body).challenge) }));
  await startSlack({ eventsUrl: app.url, verify: true });
  expect(JSON.parse(app.received[0]?.body ?? '')).toMatchObject({
    type: 'url_verification',
    token: expect.any(String),
  });
  expect(app.received[0]?.headers['x-slack-signature']).toMatch(/^v0=[0-9a-f]{64}$/);
});

test.each([
  ['does not return the challenge', { status: 200, body: 'hello' }, /did not return the challenge/],
  ['refuses', { status: 401 }, /HTTP 401/],
])('does not verify an app that %s', async (_, answer, message) => {
  const app = await startApp(() => answer);
  await expect(createSimulator({ signingSecret: 's', eventsUrl: app.url, verify: true })).rejects.toThrow(message);
  const { slack } = await startSlack({ eventsUrl: 'http://127.0.0.1:9/old' });
  await expect(slack.setEventsUrl(app.url, { verify: true })).rejects.toThrow(message);
});

test('posts events to the current events URL, and to none without it', async () => {
  const app = await startApp();
  const { slack } = await startSlack();
  expect((await slack.postMessage('alice', 'general', 'unheard')).eventIds).toEqual([]);
  await expect(slack.deliver(buildEvent('app_mention'))).rejects.toThrow(/no events URL/);
  await slack.setEventsUrl(app.url);
  await slack.postMessage('alice', 'general', 'heard');
  await slack.idle();
  expect(app.received.map(({ body }) => JSON.parse(body).event.text)).toEqual(['heard']);
});

test('sends outer objects unchanged and wraps inner events in an envelope', async () => {
  const app = await startApp();
  const { slack } = await startSlack({ eventsUrl: app.url });
  const envelope = buildEnvelope(buildEvent('app_mention'), { eventId: 'Ev0MY0OWN01' });
  const limited = buildAppRateLimited();
  await slack.deliver(envelope);
  await slack.deliver(limited);
  await slack.deliver({ type: 'made_up', channel: 'C0PARTNER1' });
  await slack.idle();
  const bodies = app.received.map(({ body }) => JSON.parse(body));
  expect(bodies).toContainEqual(envelope);
  expect(bodies).toContainEqual(limited);
  expect(bodies).toContainEqual(
    expect.objectContaining({
      type: 'event_callback',
      event: { type: 'made_up', channel: 'C0PARTNER1' },
      is_ext_shared_channel: true,
    }),
  );
  await expect(slack.deliver({ no: 'type' })).rejects.toThrow(TypeError);
});

test('sends ssl_check as an unsigned form', async () => {
  const app = await startApp();
  const { slack } = await startSlack({ eventsUrl: app.url });
  expect(await slack.sslCheck()).toMatchObject({ status: 200, failure: undefined });
  const [request] = app.received;
  expect(new URLSearchParams(request?.body).get('ssl_check')).toBe('1');
  expect(request?.headers).not.toHaveProperty('x-slack-signature');
});
