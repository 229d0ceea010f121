import { expect, test } from 'vitest';
import { startApp } from './app.ts';
import { startSlack } from './slack.ts';

test('a slash command is a signed form, and its answer comes back', async () => {
  const app = await startApp(() => ({ status: 200, body: '{"text":"done"}' }));
  const { slack } = await startSlack({ commandsUrl: app.url });
  const outcome = await slack.slashCommand({ command: '/deploy', text: 'now please', user: 'bob', channel: 'random' });
  expect(outcome).toMatchObject({ status: 200, failure: undefined, answer: { text: 'done' } });
  const form = Object.fromEntries(new URLSearchParams(app.received[0]?.body));
  expect(form).toMatchObject({
    command: '/deploy',
    text: 'now please',
    user_id: 'U0BOB00001',
    user_name: 'bob',
    channel_id: 'C0RANDOM01',
    channel_name: 'random',
    team_id: 'T0SIMULATR',
    api_app_id: 'A0SIMULATR',
    trigger_id: outcome.triggerId,
    response_url: outcome.responseUrl,
  });
  expect(app.received[0]?.headers).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-signature': expect.stringMatching(/^v0=/),
  });
});

test('a block action carries its message; the response URL takes five answers', async () => {
  const app = await startApp();
  const { slack, web } = await startSlack({ interactivityUrl: app.url });
  const { ts = '' } = await web.chat.postMessage({ channel: 'C0GENERAL1', text: 'Approve?' });
  const outcome = await slack.blockAction({ actionId: 'approve', value: '42', user: 'carol', messageTs: ts });
  const payload = JSON.parse(new URLSearchParams(app.received[0]?.body).get('payload') ?? '');
  expect(payload).toMatchObject({
    type: 'block_actions',
    user: { id: 'U0CAROL001' },
    channel: { id: 'C0GENERAL1', name: 'general' },
    container: { type: 'message', message_ts: ts },
    message: { text: 'Approve?' },
    actions: [{ action_id: 'approve', value: '42', type: 'button' }],
    response_url: outcome.responseUrl,
  });
  const respond = (text: string) =>
    fetch(outcome.responseUrl ?? '', { method: 'POST', body: JSON.stringify({ text, response_type: 'in_channel' }) });
  for (let use = 1; use <= 5; use += 1) expect((await respond(`answer ${use}`)).status).toBe(200);
  expect((await respond('one too many')).status).toBe(404);
  const responses = await slack.responses();
  expect(responses).toHaveLength(5);
  expect(responses[0]).toMatchObject({ triggerId: outcome.triggerId, body: { text: 'answer 1' } });
  expect((await slack.messages('general')).at(-1)).toMatchObject({ text: 'answer 5', bot_id: 'B0SIMULATR' });
});

test.each(['block_suggestion', 'dialog_suggestion', 'view_closed'])('%s has no trigger, as in Slack', async (type) => {
  const app = await startApp(() => ({ status: 200, body: '{"options":[]}' }));
  const { slack } = await startSlack({ interactivityUrl: app.url });
  const outcome = await slack.interact({ type });
  expect(outcome).toMatchObject({ answer: { options: [] }, triggerId: undefined, responseUrl: undefined });
  const payload = JSON.parse(new URLSearchParams(app.received[0]?.body).get('payload') ?? '');
  expect(payload).toMatchObject({ type, api_app_id: 'A0SIMULATR' });
  expect(Object.keys(payload)).not.toContain('trigger_id');
  expect(Object.keys(payload)).not.toContain('response_url');
});

test('any interaction is completed and posted once, whatever the answer', async () => {
  const app = await startApp(() => ({ status: 503 }));
  const { slack } = await startSlack({ interactivityUrl: app.url, timeScale: 100_000 });
  const outcome = await slack.interact({ type: 'shortcut', callback_id: 'open', user: 'alice' });
  expect(outcome).toMatchObject({ status: 503, failure: 'http_error' });
  expect(app.received).toHaveLength(1);
  const silent = await startApp(() => undefined);
  const other = await startSlack({ interactivityUrl: silent.url, answerTimeoutMs: 100 });
  expect(await other.slack.interact({ type: 'view_submission' })).toMatchObject({
    status: undefined,
    failure: 'http_timeout',
  });
});

test('without an address there is nowhere to post', async () => {
  const { slack } = await startSlack();
  await expect(slack.slashCommand({ command: '/x' })).rejects.toThrow(/commandsUrl is not set/);
  await expect(slack.blockAction({ actionId: 'x' })).rejects.toThrow(/interactivityUrl is not set/);
});
