import { describe, expect, test } from 'vitest';
import { startApp } from './app.ts';
import { startSlack } from './slack.ts';

test('sends a slash command as a signed form and returns the response', async () => {
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

test('sends a block action with its message; the response URL accepts five posts', async () => {
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

test.each(['block_suggestion', 'dialog_suggestion', 'view_closed'])(
  'sends %s without a trigger, as Slack does',
  async (type) => {
    const app = await startApp(() => ({ status: 200, body: '{"options":[]}' }));
    const { slack } = await startSlack({ interactivityUrl: app.url });
    const outcome = await slack.interact({ type });
    expect(outcome).toMatchObject({ answer: { options: [] }, triggerId: undefined, responseUrl: undefined });
    const payload = JSON.parse(new URLSearchParams(app.received[0]?.body).get('payload') ?? '');
    expect(payload).toMatchObject({ type, api_app_id: 'A0SIMULATR' });
    expect(Object.keys(payload)).not.toContain('trigger_id');
    expect(Object.keys(payload)).not.toContain('response_url');
  },
);

describe('trigger and response URL', () => {
  const view = (element: object, input: object) => ({
    type: 'modal',
    blocks: [{ type: 'input', block_id: 'where', element: { action_id: 'pick', ...element } }],
    state: { values: { where: { pick: input } } },
  });
  const enabled = { type: 'conversations_select', response_url_enabled: true };

  test.each([
    ['a message shortcut', { type: 'message_action' }, true, true],
    ['a global shortcut', { type: 'shortcut' }, true, false],
    ['an action in a message', { type: 'block_actions', container: { type: 'message' } }, true, true],
    ['an action in a view', { type: 'block_actions', container: { type: 'view' } }, true, false],
    ['a submitted view', { type: 'view_submission', view: { type: 'modal' } }, true, false],
  ])('match those of Slack for %s', async (_name, payload, trigger, response) => {
    const app = await startApp();
    const { slack } = await startSlack({ interactivityUrl: app.url });
    const outcome = await slack.interact(payload);
    const sent = JSON.parse(new URLSearchParams(app.received[0]?.body).get('payload') ?? '');
    expect(['trigger_id' in sent, 'response_url' in sent]).toEqual([trigger, response]);
    expect(outcome.responseUrl === undefined).toBe(!response);
  });

  test('sends a submitted view with a response URL for each input that enables one', async () => {
    const app = await startApp();
    const { slack } = await startSlack({ interactivityUrl: app.url });
    await slack.interact({ type: 'view_submission', view: view({ type: 'plain_text_input' }, { value: 'x' }) });
    const chosen = { selected_conversation: 'C0RANDOM01' };
    const outcome = await slack.interact({ type: 'view_submission', view: view(enabled, chosen) });
    const [without, granted] = app.received.map(({ body }) =>
      JSON.parse(new URLSearchParams(body).get('payload') ?? ''),
    );
    expect(without.response_urls).toEqual([]);
    expect(granted.response_urls).toEqual([
      { block_id: 'where', action_id: 'pick', channel_id: 'C0RANDOM01', response_url: outcome.responseUrl },
    ]);
    const body = JSON.stringify({ text: 'thanks', response_type: 'in_channel' });
    expect((await fetch(outcome.responseUrl ?? '', { method: 'POST', body })).status).toBe(200);
    expect((await slack.messages('random')).at(-1)).toMatchObject({ text: 'thanks' });
  });
});

test('completes any interaction and posts it once, regardless of the response', async () => {
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

test('rejects commands and interactions without a URL', async () => {
  const { slack } = await startSlack();
  await expect(slack.slashCommand({ command: '/x' })).rejects.toThrow(/commandsUrl is not set/);
  await expect(slack.blockAction({ actionId: 'x' })).rejects.toThrow(/interactivityUrl is not set/);
});
