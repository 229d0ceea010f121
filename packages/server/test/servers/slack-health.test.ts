import { createSlackPort } from '@slack-mcp/slack';
import { json, unrulySlack } from '@slack-mcp/test-support';
import { expect, onTestFinished, test } from 'vitest';
import { createWebhookServer } from '../../src/index.ts';
import { slackPart } from '../../src/servers/slack-health.ts';
import { memoryBackend } from '../support/ingress-server.ts';

const refused = json({ ok: false, error: 'token_expired' });

test('reports Slack as degraded while it refuses a token, by workspace and kind', async () => {
  await using slack = await unrulySlack(refused, json({ ok: true }));
  const acme = createSlackPort({ token: { bot: 'xoxb-1', user: 'xoxp-1' }, apiUrl: slack.url });
  const beta = createSlackPort({ token: 'xoxb-2', apiUrl: slack.url });
  const part = slackPart(
    new Map([
      ['acme', acme],
      ['beta', beta],
    ]),
  );
  expect(part.health()).toEqual({ status: 'up' });
  await acme.call('auth.test', {}, { as: 'user' }).catch(() => {});
  await beta.call('auth.test');
  expect(part.health()).toEqual({ status: 'degraded', detail: { 'acme.user': 'token_expired' } });
  await acme.call('auth.test', {}, { as: 'user' });
  expect(part.health()).toEqual({ status: 'up' });
});

test('reports an expired token that its worker finds, and continues to receive', async () => {
  await using slack = await unrulySlack(refused);
  const server = createWebhookServer({
    token: 'xoxb-1',
    apiUrl: slack.url,
    signingSecret: 'a secret of the tests',
    backend: memoryBackend(),
    port: 0,
    worker: async ({ slack: client }) => {
      await client.call('auth.test').catch(() => {});
      return { close: async () => {} };
    },
  });
  onTestFinished(() => server.close({ drainTimeoutMs: 0 }));
  await server.start();
  const response = await fetch(`${server.address}/health`);
  expect([response.status, await response.json()]).toMatchObject([
    200,
    { status: 'degraded', components: { slack_client: { status: 'degraded', detail: { bot: 'token_expired' } } } },
  ]);
  expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
});
