import { describe, expect, test } from 'vitest';
import { resolveSigningSecrets, type SigningSecrets } from '../../src/ingress/signing-secrets.ts';
import { errorOf, memoryBackend, startIngress, take } from '../support/ingress-server.ts';
import { FORM_TYPE, form, signedHeaders } from '../support/signed.ts';

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
])('%j', (given, expected) => {
  expect(resolveSigningSecrets(given)).toEqual(expected);
});

test.each<[SigningSecrets]>([[''], [[]], [['good', ' ']], [{}], [{ A01: '' }], [{ A01: [] }], [['A01=']]])(
  '%j is refused',
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
  ])('%s signs for %s: %i', async (secret, app, status) => {
    const backend = memoryBackend();
    const { post } = await startIngress(backend, { signingSecrets });
    const response = await post('/slack/events', eventOf(app), signedHeaders(eventOf(app), { secret }));
    expect(response.status).toBe(status);
    if (status === 200) expect((await take(backend, 1))[0]?.metadata.messageId).toBe(`Ev-${app}`);
    else expect(await errorOf(response)).toMatchObject({ details: { reason: 'signed_by_another_app' } });
  });

  test('a command names its app in the form', async () => {
    const { post } = await startIngress(memoryBackend(), { signingSecrets });
    const body = form({ command: '/x', api_app_id: 'A02', trigger_id: '1' });
    const send = async (secret: string) =>
      (await post('/slack/commands', body, signedHeaders(body, { type: FORM_TYPE, secret }))).status;
    expect([await send('old of two'), await send('the secret of one')]).toEqual([200, 401]);
  });

  test('a challenge names none: any secret is good', async () => {
    const { post } = await startIngress(memoryBackend(), { signingSecrets });
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    expect((await post('/slack/events', body, signedHeaders(body, { secret: 'old of two' }))).status).toBe(200);
  });
});
