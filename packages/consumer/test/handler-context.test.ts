import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JsonObject, silentLogger } from '@slack-mcp/core';
import { createSlackClient, type SlackClient, type TeamIds } from '@slack-mcp/slack';
import { expect, onTestFinished, test } from 'vitest';
import { createContext } from '../src/handler-context.ts';
import { clientOfStub } from '../src/testing/slack-stub.ts';
import { contextOf, envelope, message } from './support/message.ts';

const mention = { type: 'app_mention', channel: 'C1', ts: '1.5', text: 'hi', user: 'U1' };

test.each<[string, JsonObject, JsonObject]>([
  ['a mention: in its thread', envelope(mention), { channel: 'C1', thread_ts: '1.5' }],
  ['a mention in a thread', envelope({ ...mention, thread_ts: '1.2' }), { channel: 'C1', thread_ts: '1.2' }],
  ['a message: in its channel', envelope({ ...mention, type: 'message' }), { channel: 'C1' }],
  [
    'a message in a thread',
    envelope({ ...mention, type: 'message', thread_ts: '1.2' }),
    { channel: 'C1', thread_ts: '1.2' },
  ],
  [
    'an edited message',
    envelope({ type: 'message', channel: 'C1', message: { thread_ts: '1.2' } }),
    { channel: 'C1', thread_ts: '1.2' },
  ],
  ['a reaction', envelope({ type: 'reaction_added', item: { channel: 'C2', ts: '1.1' } }), { channel: 'C2' }],
  ['a new channel', envelope({ type: 'channel_created', channel: { id: 'C3' } }), { channel: 'C3' }],
  [
    'an assistant thread',
    envelope({ type: 'assistant_thread_started', assistant_thread: { channel_id: 'D1', thread_ts: '2.1' } }),
    { channel: 'D1', thread_ts: '2.1' },
  ],
  ['a command', { command: '/deploy', channel_id: 'C4' }, { channel: 'C4' }],
  [
    'an action',
    { type: 'block_actions', channel: { id: 'C5' }, container: { message_ts: '1', thread_ts: '1.2' }, actions: [] },
    { channel: 'C5', thread_ts: '1.2' },
  ],
])('say posts to the conversation of %s', async (_name, payload, address) => {
  const context = contextOf(payload);
  await context.say('yes');
  expect(context.calls).toEqual([
    ['chat.postMessage', { ...address, unfurl_links: false, unfurl_media: false, text: 'yes' }],
  ]);
});

test('the fields of an object override the defaults of say', async () => {
  const context = contextOf(envelope(mention));
  await context.say({ text: 'yes', channel: 'C9', thread_ts: undefined, unfurl_links: true });
  expect(context.calls[0]?.[1]).toEqual({
    channel: 'C9',
    thread_ts: undefined,
    unfurl_links: true,
    unfurl_media: false,
    text: 'yes',
  });
});

test('say rejects without a channel', async () => {
  const context = contextOf(envelope({ type: 'team_join', user: 'U1' }));
  await expect(context.say('hi')).rejects.toThrow('team_join has no channel');
  await context.say({ channel: 'C1', text: 'hi' });
  expect(context.calls).toHaveLength(1);
});

test('respond posts to the response_url', async () => {
  const bodies: unknown[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    response.writeHead(status).end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  const respondOf = (response_url: string, apiUrl = url) =>
    createContext(message({ command: '/deploy', response_url }), {
      slack: createSlackClient({ token: undefined, apiUrl }),
      logger: silentLogger,
      signal: new AbortController().signal,
    });
  const context = respondOf(url);
  await context.respond('done');
  await context.respond({ text: 'seen', response_type: 'in_channel' });
  expect(bodies).toEqual([{ text: 'done' }, { text: 'seen', response_type: 'in_channel' }]);
  status = 404;
  await expect(context.respond('late')).rejects.toThrow('HTTP status 404');
  await expect(contextOf(envelope(mention)).respond('hi')).rejects.toThrow('no response_url');
  await expect(respondOf(url, 'https://slack.com/api/').respond('hi')).rejects.toThrow('not an https URL of Slack');
  expect(bodies).toHaveLength(3);
});

test.each<[string, JsonObject]>([
  ['a link in an unfinished message', { type: 'link_shared', channel: 'COMPOSER', message_ts: 'U1-1' }],
  ['the name of a channel', { type: 'message', channel: 'general' }],
  ['the id of a user', { type: 'message', channel: 'U0123456789' }],
])('say rejects %s, which is not a channel id', async (_name, event) => {
  const context = contextOf(envelope(event as JsonObject & { type: string }));
  await expect(context.say('hi')).rejects.toThrow('has no channel');
  expect(context.calls).toEqual([]);
});

test.each([
  ['view_submission', /response_url_enabled: true/],
  ['shortcut', /belongs to no conversation/],
  ['block_suggestion', /Slack sends none for block_suggestion/],
  ['block_actions', /in a modal or on the home tab/],
  ['event_callback', /use say\(\)/],
])('respond() to %s explains why there is no response_url', async (type, why) => {
  await expect(contextOf({ type }).respond('hi')).rejects.toThrow(why);
});

test.each<[string, JsonObject, TeamIds]>([
  ['an event', envelope(mention), { teamId: 'T1' }],
  [
    'an event of a shared channel: the workspace that the app is installed in',
    { ...envelope(mention), authorizations: [{ team_id: 'T2', enterprise_id: 'E2' }] },
    { teamId: 'T2', enterpriseId: 'E2' },
  ],
  ['a command', { command: '/deploy', team_id: 'T3', channel_id: 'C1' }, { teamId: 'T3' }],
  ['an interaction', { type: 'block_actions', team: { id: 'T4' }, channel: { id: 'C1' } }, { teamId: 'T4' }],
  [
    'an interaction of an organization-wide app',
    { type: 'shortcut', team: null, enterprise: { id: 'E5' }, channel: { id: 'C1' } },
    { enterpriseId: 'E5' },
  ],
])('uses the token of the workspace for %s', async (_name, payload, team) => {
  const teams: TeamIds[] = [];
  const slack: SlackClient = {
    ...clientOfStub({ call: async () => ({ ok: true }) }),
    forTeam: (asked) => {
      teams.push(asked);
      return clientOfStub({ call: async () => ({ ok: true, ts: asked.teamId ?? asked.enterpriseId }) });
    },
  };
  const context = createContext(message(payload), {
    slack,
    logger: silentLogger,
    signal: new AbortController().signal,
  });
  expect(await context.say('hi')).toMatchObject({ ts: team.teamId ?? team.enterpriseId });
  expect(teams).toMatchObject([team]);
});

test('respond answers a submitted view through its first response_url', async () => {
  const answers: unknown[] = [];
  const view = { type: 'view_submission', view: { callback_id: 'v' }, user: { id: 'U1' } };
  const urls = ['one', 'two'].map((path) => ({ block_id: path, response_url: `https://hooks.slack.com/${path}` }));
  const context = contextOf({ ...view, response_urls: urls }, {}, (message) => answers.push(message));
  await context.respond('done');
  expect(answers).toEqual([{ text: 'done' }]);
  await expect(contextOf({ ...view, response_urls: [] }).respond('done')).rejects.toThrow(/no response_url/);
});
