import { resolveSigningSecrets, type SigningSecrets } from '@slack-mcp/slack';
import { describe, expect, test } from 'vitest';
import { createMemoryDedupeStore } from '../../src/ingress/memory-dedupe-store.ts';
import { errorOf, memoryBackend, startIngress, take } from '../support/ingress-server.ts';
import { FORM_TYPE, form, JSON_TYPE, signedHeaders } from '../support/signed.ts';

test.each<[SigningSecrets, object[]]>([
  ['one', [{ secret: 'one' }]],
  [
    ['new', 'old'],
    [{ secret: 'new' }, { secret: 'old' }],
  ],
  [
    ['A01=x', 'plain', 'A01=y=z'],
    [{ secret: 'x', appId: 'A01' }, { secret: 'plain' }, { secret: 'y=z', appId: 'A01' }],
  ],
  ['a=b', [{ secret: 'a=b' }]],
  ['a0123=x', [{ secret: 'x', appId: 'A0123' }]],
  [{ a01: 'x' }, [{ secret: 'x', appId: 'A01' }]],
  [
    { A01: 'x', A02: ['new', 'old'] },
    [
      { secret: 'x', appId: 'A01' },
      { secret: 'new', appId: 'A02' },
      { secret: 'old', appId: 'A02' },
    ],
  ],
])('parses %j', (given, expected) => {
  expect(resolveSigningSecrets(given)).toEqual(expected);
});

test.each<[SigningSecrets]>([[''], [[]], [['good', ' ']], [{}], [{ A01: '' }], [{ A01: [] }], [['A01=']]])(
  'rejects %j',
  (given) => {
    expect(() => resolveSigningSecrets(given)).toThrow(/signingSecret is empty/);
  },
);

describe('two apps on one server', () => {
  const signingSecrets = resolveSigningSecrets({ A01: 'the secret of one', A02: ['new of two', 'old of two'] });
  const eventOf = (app: string) =>
    JSON.stringify({ type: 'event_callback', event_id: `Ev-${app}`, api_app_id: app, event: { type: 'app_mention' } });

  test.each([
    ['the secret of one', 'A01', 200],
    ['new of two', 'A02', 200],
    ['old of two', 'A02', 200],
    ['the secret of one', 'A02', 401],
    ['old of two', 'A01', 401],
    ['the secret of one', 'A03', 401],
  ])('%s for %s: answers %i', async (secret, app, status) => {
    const backend = memoryBackend();
    const { post } = await startIngress(backend, { signingSecrets });
    const response = await post('/slack/events', eventOf(app), signedHeaders(eventOf(app), { secret }));
    expect(response.status).toBe(status);
    if (status === 200) expect((await take(backend, 1))[0]?.metadata.messageId).toBe(`${app}:Ev-${app}`);
    else expect(await errorOf(response)).toMatchObject({ details: { reason: 'signed_by_another_app' } });
  });

  test('reads the app of a command from the form', async () => {
    const { post } = await startIngress(memoryBackend(), { signingSecrets });
    const body = form({ command: '/x', api_app_id: 'A02', trigger_id: '1' });
    const send = async (secret: string) =>
      (await post('/slack/commands', body, signedHeaders(body, { type: FORM_TYPE, secret }))).status;
    expect([await send('old of two'), await send('the secret of one')]).toEqual([200, 401]);
  });

  test('publishes two events with equal ids from two apps', async () => {
    const backend = memoryBackend();
    const { post } = await startIngress(backend, { signingSecrets, dedupe: createMemoryDedupeStore() });
    const send = async (app: string, secret: string) => {
      const event = { type: 'app_mention' };
      const body = JSON.stringify({ type: 'event_callback', event_id: 'Ev1', api_app_id: app, event });
      return (await post('/slack/events', body, signedHeaders(body, { secret }))).status;
    };
    const statuses = [
      await send('A01', 'the secret of one'),
      await send('A02', 'new of two'),
      await send('A01', 'the secret of one'),
    ];
    expect(statuses).toEqual([200, 200, 200]);
    await backend.publish('slack_events', {}, { messageId: 'end' });
    const messages = await take(backend, 3);
    expect(messages.map(({ metadata }) => metadata.messageId)).toEqual(['A01:Ev1', 'A02:Ev1', 'end']);
    expect(messages.map(({ metadata }) => metadata.headers['x-slack-event-id'])).toEqual(['Ev1', 'Ev1', undefined]);
  });

  test.each([
    ['an event', JSON_TYPE, JSON.stringify({ type: 'event_callback', event_id: 'Ev1', event: { type: 'message' } })],
    ['a command', FORM_TYPE, form({ command: '/deploy', user_id: 'U0ADMIN', team_id: 'T1', trigger_id: '1.1' })],
    ['a button', FORM_TYPE, form({ payload: JSON.stringify({ type: 'block_actions', trigger_id: '1.1' }) })],
    ['a form', FORM_TYPE, form({ payload: JSON.stringify({ type: 'view_submission', view: {} }) })],
  ])('rejects %s that names no app, because any of the apps could have signed it', async (_name, type, body) => {
    const { post, results } = await startIngress(memoryBackend(), { signingSecrets });
    const response = await post('/slack/events', body, signedHeaders(body, { type, secret: 'new of two' }));
    expect(response.status).toBe(401);
    expect(await errorOf(response)).toMatchObject({ details: { reason: 'app_not_named' } });
    expect(results).toEqual(['invalid_signature']);
  });

  test.each(['shortcut', 'message_action', 'interactive_message', 'dialog_submission'])(
    'assigns a %s, in which Slack names no app, to the app that signed it',
    async (type) => {
      const backend = memoryBackend();
      const { post } = await startIngress(backend, { signingSecrets });
      const body = form({ payload: JSON.stringify({ type, trigger_id: '1.1' }) });
      for (const secret of ['the secret of one', 'old of two']) {
        expect((await post('/slack/events', body, signedHeaders(body, { type: FORM_TYPE, secret }))).status).toBe(200);
      }
      const sent = (await take(backend, 2)).map(({ metadata }) => metadata);
      expect(sent.map(({ messageId }) => messageId)).toEqual(['A01:1.1', 'A02:1.1']);
      expect(sent.map(({ headers }) => headers['x-slack-app-id'])).toEqual(['A01', 'A02']);
    },
  );

  test('does not require the app name when one app has a named secret', async () => {
    const backend = memoryBackend();
    const { post } = await startIngress(backend, { signingSecrets: resolveSigningSecrets({ A01: ['new', 'old'] }) });
    const body = JSON.stringify({ type: 'event_callback', event_id: 'Ev1', event: { type: 'message' } });
    expect((await post('/slack/events', body, signedHeaders(body, { secret: 'old' }))).status).toBe(200);
    expect((await take(backend, 1))[0]?.metadata.messageId).toBe('A01:Ev1');
  });

  test('accepts any secret for a challenge, which names no app', async () => {
    const { post } = await startIngress(memoryBackend(), { signingSecrets });
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    expect((await post('/slack/events', body, signedHeaders(body, { secret: 'old of two' }))).status).toBe(200);
  });
});
