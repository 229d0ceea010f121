import { expect, test } from 'vitest';
import { memoryBackend, startIngress, take } from '../support/ingress-server.ts';
import { signedHeaders } from '../support/signed.ts';

const BODY = JSON.stringify({
  type: 'event_callback',
  event_id: 'Ev1',
  team_id: 'T1',
  event: { type: 'app_mention', channel: 'C1' },
});

test('uses the key that a function returns', async () => {
  const backend = memoryBackend({ keys: ['slack_events', 'team.T1'] });
  const { post } = await startIngress(backend, { keyOf: ({ payload }) => `team.${String(payload['team_id'])}` });
  expect((await post('/slack/events', BODY, signedHeaders(BODY))).status).toBe(200);
  expect((await take(backend, 1, ['team.T1']))[0]?.metadata.messageId).toBe('Ev1');
});

test.each([
  [
    'throws',
    () => {
      throw new Error('no such team');
    },
    /no such team/,
  ],
  ['returns an invalid key', () => 'a key', /is not a valid key/],
  ['returns nothing', () => undefined as never, /is not a valid key/],
])('logs a function that %s, and publishes under the default key', async (_name, keyOf, logged) => {
  const backend = memoryBackend();
  const { post, log } = await startIngress(backend, { keyOf });
  expect((await post('/slack/events', BODY, signedHeaders(BODY))).status).toBe(200);
  expect((await take(backend, 1))[0]?.metadata.key).toBe('slack_events');
  expect(log.join()).toMatch(logged);
});
