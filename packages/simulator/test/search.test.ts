import { WebClient } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import type { SimulatorOptions } from '../src/index.ts';
import { callDirectly, startSlack } from './slack.ts';

const USER = 'xoxp-simulator';
const [ALICE, BOB, BOT] = ['U0ALICE001', 'U0BOB00001', 'U0SIMULBOT'] as const;

const CHANNELS = [
  { id: 'C0OPEN0001', name: 'open', members: [ALICE, BOB], messages: [{ user: BOB, text: 'deploy the blue build' }] },
  {
    id: 'C0CLOSED01',
    name: 'closed',
    type: 'group' as const,
    members: [ALICE],
    messages: [{ user: ALICE, text: 'Deploy on Monday' }],
  },
  {
    id: 'C0OTHERS01',
    name: 'others',
    type: 'group' as const,
    members: [BOB, BOT],
    messages: [{ user: BOB, text: 'deploy without Alice' }],
  },
];

async function startAsPerson(options: Partial<SimulatorOptions> = {}) {
  const { slack, web } = await startSlack({ userToken: USER, seed: { channels: CHANNELS }, ...options });
  const person = new WebClient(USER, { slackApiUrl: slack.url, retryConfig: { retries: 0 } });
  const search = async (query: string, more: object = {}) =>
    ((await person.search.messages({ query, ...more })).messages?.matches ?? []).map(({ text }) => text);
  return { slack, web, person, search };
}

describe('search.messages', () => {
  test('finds messages in the conversations that the person can see, the newest first', async () => {
    const { person, search } = await startAsPerson();
    expect(await search('deploy')).toEqual(['Deploy on Monday', 'deploy the blue build']);
    const { messages } = await person.search.messages({ query: 'monday' });
    expect(messages).toMatchObject({
      total: 1,
      matches: [{ user: ALICE, username: 'alice', channel: { id: 'C0CLOSED01', name: 'closed', is_private: true } }],
    });
  });

  test.each([
    ['"blue build"', ['deploy the blue build']],
    ['"build blue"', []],
    ['deploy -monday', ['deploy the blue build']],
    ['deploy in:closed', ['Deploy on Monday']],
    ['deploy in:<#C0OPEN0001>', ['deploy the blue build']],
    ['deploy -in:#closed', ['deploy the blue build']],
    [`deploy from:<@${BOB}>`, ['deploy the blue build']],
    ['deploy from:me', ['Deploy on Monday']],
    ['deploy on:2023-11-14', ['Deploy on Monday', 'deploy the blue build']],
    ['deploy after:2023-11-14', []],
    ['deploy before:2023-11-14', []],
  ])('understands %s', async (query, texts) => {
    const { search } = await startAsPerson();
    expect(await search(query)).toEqual(texts);
  });

  test('returns pages', async () => {
    const { person, search } = await startAsPerson();
    expect(await search('deploy', { count: 1, page: 2, sort: 'timestamp' })).toEqual(['deploy the blue build']);
    expect(await search('deploy', { count: 1, sort: 'timestamp', sort_dir: 'asc' })).toEqual(['deploy the blue build']);
    const { messages } = await person.search.messages({ query: 'deploy', count: 1 });
    expect(messages?.paging).toEqual({ count: 1, total: 2, page: 1, pages: 2 });
  });

  test('refuses the token of a bot, a query without text, and a token without the scope', async () => {
    const { slack } = await startAsPerson({ userScopes: ['users:read'] });
    const search = async (token: string, form: Record<string, string>) =>
      (await callDirectly(slack.url, 'search.messages', { token, form })).body.error;
    expect(await search('xoxb-simulator', { query: 'x' })).toBe('not_allowed_token_type');
    expect(await search(USER, { query: 'x' })).toBe('missing_scope');
    const { person } = await startAsPerson();
    await expect(person.apiCall('search.messages')).rejects.toMatchObject({ data: { error: 'no_query' } });
  });
});

test('the token of a person identifies the person, and posts as this person', async () => {
  const { slack, person } = await startAsPerson();
  const { user_id, user, bot_id } = await person.auth.test();
  expect([user_id, user, bot_id]).toEqual([ALICE, 'alice', undefined]);
  await person.chat.postMessage({ channel: 'C0OPEN0001', text: 'By hand' });
  expect((await slack.messages('open')).at(-1)).toMatchObject({ user: ALICE, text: 'By hand' });
});

test('users.getPresence returns details only to the person', async () => {
  const users = [
    { id: ALICE, name: 'alice' },
    { id: BOB, name: 'bob', isAway: true },
  ];
  const { person } = await startAsPerson({ seed: { users, channels: [] } });
  expect(await person.users.getPresence({ user: BOB })).toMatchObject({ presence: 'away' });
  expect(await person.users.getPresence({ user: BOB })).not.toHaveProperty('online');
  expect(await person.users.getPresence({})).toMatchObject({ presence: 'active', online: true });
});

describe('assistant.search.context', () => {
  const GRANULAR = ['search:read.public', 'search:read.private', 'search:read.files'];
  const context = async (args: object, options: Partial<SimulatorOptions> = { userScopes: GRANULAR }) => {
    const { person } = await startAsPerson(options);
    return (await person.apiCall('assistant.search.context', { query: 'deploy', ...args })) as unknown as {
      results: { messages?: { content: string }[]; files?: object[] };
      response_metadata: { next_cursor: string };
    };
  };
  const texts = ({ results }: Awaited<ReturnType<typeof context>>) => results.messages?.map(({ content }) => content);

  test('searches public channels, and the types of channels that the call names', async () => {
    expect(texts(await context({}))).toEqual(['deploy the blue build']);
    const both = await context({ channel_types: 'public_channel,private_channel' });
    expect(texts(both)).toEqual(['Deploy on Monday', 'deploy the blue build']);
    expect(both.results.messages?.[0]).toMatchObject({
      author_user_id: ALICE,
      channel_id: 'C0CLOSED01',
      channel_name: 'closed',
      is_author_bot: false,
      permalink: expect.stringContaining('/archives/C0CLOSED01/p'),
    });
    expect(both.results.messages?.[0]).not.toHaveProperty('blocks');
  });

  test('returns pages of at most 20 results', async () => {
    const types = { channel_types: ['public_channel', 'private_channel'], sort: 'timestamp', sort_dir: 'asc' };
    const first = await context({ ...types, limit: 1 });
    expect(first.response_metadata.next_cursor).toBe('Q1VSUkVOVF9QQUdFOjI=');
    const second = await context({ ...types, limit: 1, cursor: first.response_metadata.next_cursor });
    expect([texts(first), texts(second)]).toEqual([['deploy the blue build'], ['Deploy on Monday']]);
    expect(second.response_metadata.next_cursor).toBe('');
    await expect(context({ limit: 21 })).rejects.toMatchObject({ data: { error: 'invalid_arguments' } });
  });

  test.each([
    [{ channel_types: 'public_channel,im' }, 'missing_scope'],
    [{ content_types: 'messages,files' }, 'missing_scope', ['search:read.public']],
    [{}, 'missing_scope', ['search:read']],
    [{ query: '' }, 'missing_query'],
    [{ cursor: 'x' }, 'invalid_cursor'],
  ])('refuses %j with %s', async (args, error, userScopes = GRANULAR) => {
    await expect(context(args, { userScopes })).rejects.toMatchObject({ data: { error } });
  });

  test('refuses a bot, because no event of the simulator has an action_token', async () => {
    const { web } = await startAsPerson({ scopes: ['search:read.public'] });
    const call = web.apiCall('assistant.search.context', { query: 'deploy', action_token: 'x' });
    await expect(call).rejects.toMatchObject({ data: { error: 'invalid_action_token' } });
  });
});
