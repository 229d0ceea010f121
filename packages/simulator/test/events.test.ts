import { WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { createSimulator } from '../src/index.ts';
import { startApp } from './app.ts';

test('a mention causes a message and an app_mention event, each with an id of its own', async () => {
  const app = await startApp();
  await using slack = await createSimulator({ signingSecret: 'secret', eventsUrl: app.url });
  const posted = await slack.postMessage('alice', 'general', 'Hello <@U0SIMULBOT>');
  await slack.idle();
  const envelopes = app.received.map(({ body }) => JSON.parse(body));
  expect(envelopes.map(({ event }) => event.type).sort()).toEqual(['app_mention', 'message']);
  expect(new Set(envelopes.map(({ event_id }) => event_id))).toEqual(new Set(posted.eventIds));
  expect(posted.eventIds).toHaveLength(2);
});

test('a message of the bot causes a message event, but no mention of itself', async () => {
  const app = await startApp();
  await using slack = await createSimulator({ signingSecret: 'secret', eventsUrl: app.url });
  const web = new WebClient('xoxb-simulator', { slackApiUrl: slack.url });
  const { ts } = await web.chat.postMessage({ channel: '#general', text: 'I am <@U0SIMULBOT>' });
  await slack.idle();
  const events = app.received.map(({ body }) => JSON.parse(body).event);
  expect(events).toMatchObject([
    { type: 'message', channel: 'C0GENERAL1', channel_type: 'channel', bot_id: 'B0SIMULATR', ts },
  ]);
});
