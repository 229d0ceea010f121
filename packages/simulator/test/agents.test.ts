import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const [ALICE, BOB, BOT] = ['U0ALICE001', 'U0BOB00001', 'U0SIMULBOT'] as const;
const PLAN = {
  ...{ id: 'F0CANVAS01', name: 'Plan', mimetype: 'application/vnd.slack-docs' },
  content: '<h1>Plan</h1><p>Ship on Friday</p>',
  comments: [
    { about: 'Ship on Friday', user: BOB, text: 'Not on a Friday', replies: [{ user: ALICE, text: 'Agreed' }] },
  ],
};
const CHANNELS = [
  { id: 'C0CODE0001', name: 'code', members: [ALICE, BOT], messages: [{ user: ALICE, text: 'Plan', files: [PLAN] }] },
  { id: 'C0OTHER001', name: 'other', members: [BOT] },
];

test('agents.conversations.getCanvas returns the text of a canvas of the channel, and its comments', async () => {
  const options = { seed: { channels: CHANNELS }, scopes: ['code_channels:manage'], userToken: 'xoxp-simulator' };
  const { slack, web } = await startSlack(options);
  const read = (args: { channel: string; canvas_id: string; content_format?: string }) =>
    web.agents.conversations.getCanvas(args);
  expect(await read({ channel: 'C0CODE0001', canvas_id: PLAN.id })).toMatchObject({
    canvas_id: PLAN.id,
    content: 'Plan\n\nShip on Friday',
    comments: [
      {
        ...{ quoted_text: 'Ship on Friday', user_id: BOB, text: 'Not on a Friday', is_resolved: false },
        replies: [{ user_id: ALICE, text: 'Agreed' }],
      },
    ],
    has_more_comments: false,
  });
  const errorOf = (call: Promise<unknown>) => call.catch(({ data }) => data.error);
  expect(await errorOf(read({ channel: 'C0OTHER001', canvas_id: PLAN.id }))).toBe('canvas_not_found');
  const html = { channel: 'C0CODE0001', canvas_id: PLAN.id, content_format: 'html' };
  expect(await errorOf(read(html))).toBe('invalid_arguments');
  const person = new WebClient('xoxp-simulator', { slackApiUrl: slack.url, retryConfig: { retries: 0 } });
  const asPerson = person.agents.conversations.getCanvas({ channel: 'C0CODE0001', canvas_id: PLAN.id });
  expect(await errorOf(asPerson)).toBe('not_allowed_token_type');
});
