import { expect, test } from 'vitest';
import { createSimulator } from '../src/index.ts';
import { startSlack } from './slack.ts';

test.each([
  ['signingSecret', {}],
  ['signingSecret', { signingSecret: '' }],
  ['botToken', { botToken: '' }],
  ['port', { port: 70_000 }],
  ['port', { port: 1.5 }],
  ['timeScale', { timeScale: 0 }],
  ['timeScale', { timeScale: Number.NaN }],
  ['concurrency', { concurrency: 0 }],
  ['answerTimeoutMs', { answerTimeoutMs: -1 }],
  ['rateLimits', { rateLimits: 'on' }],
  ['eventsUrl', { eventsUrl: 'localhost:3000' }],
  ['interactivityUrl', { interactivityUrl: 'ftp://x' }],
  ['verify', { verify: true }],
])('validates %s', async (name, options) => {
  const given = {
    ...('signingSecret' in options || name === 'signingSecret' ? {} : { signingSecret: 's' }),
    ...options,
  };
  const error = await createSimulator(given as never).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TypeError);
  expect((error as Error).message).toMatch(new RegExp(`^${name} `));
});

test('rejects with EADDRINUSE when the port is in use', async () => {
  const { slack } = await startSlack();
  const port = Number(new URL(slack.url).port);
  await expect(createSimulator({ signingSecret: 's', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('replaces the keys that a seed contains', async () => {
  const { web } = await startSlack({
    seed: {
      users: [{ id: 'U0ZOE00001', name: 'zoe' }],
      channels: [
        {
          id: 'C0ONLY0001',
          name: 'only',
          members: ['U0ZOE00001', 'U0SIMULBOT'],
          messages: [{ user: 'U0ZOE00001', text: 'first', ts: '1690000000.000200', reactions: { eyes: ['zoe'] } }],
        },
      ],
      emoji: {},
    },
  });
  expect((await web.conversations.list()).channels?.map(({ name }) => name)).toEqual(['only']);
  expect((await web.emoji.list()).emoji).toEqual({});
  expect((await web.conversations.history({ channel: 'C0ONLY0001' })).messages).toMatchObject([
    { text: 'first', ts: '1690000000.000200', reactions: [{ name: 'eyes', users: ['U0ZOE00001'], count: 1 }] },
  ]);
});
