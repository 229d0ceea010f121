import type { SimulatorOptions } from '@slack-mcp/simulator';
import { describe, expect, it } from 'vitest';
import { FAILURE_META_KEY, type ToolResult } from '../../../../src/tools/tool-result.ts';
import { BOTH_TOKENS, startWorkspace, type TestWorkspace, USER_TOKEN } from '../../../mcp/support/start-workspace.ts';
import type { TestHostOptions } from '../../../support/open-host.ts';

const [ALICE, BOB, BOT] = ['U0ALICE001', 'U0BOB00001', 'U0SIMULBOT'] as const;
const SEARCH = 'slack_search_messages';

type Message = Record<string, unknown> & { text: string };
interface Page {
  query: string;
  notice: string;
  messages: Message[];
  has_more: boolean;
  next_cursor?: string;
}

/** Alice sees all of these channels, the bot only the first two. */
const CHANNELS = [
  {
    id: 'C0OPEN0001',
    name: 'open',
    members: [ALICE, BOB, BOT],
    messages: [
      { user: BOB, text: 'deploy one', replies: [{ user: ALICE, text: 'deploy done' }] },
      { user: ALICE, text: `deploy two, <@${BOB}>` },
    ],
  },
  { id: 'C0SECRET01', name: 'secret', members: [ALICE, BOT], messages: [{ user: ALICE, text: 'deploy secretly' }] },
  {
    id: 'C0PRIVATE2',
    name: 'alone',
    type: 'group' as const,
    members: [ALICE],
    messages: [{ user: ALICE, text: 'deploy alone' }],
  },
  {
    id: 'C0PARTNER1',
    name: 'partner',
    isExtShared: true,
    members: [ALICE],
    messages: [{ user: ALICE, text: 'deploy with partners' }],
  },
  { id: 'D0BOB00009', type: 'im' as const, members: [ALICE, BOB], messages: [{ user: BOB, text: 'deploy privately' }] },
];

function start(host: Partial<TestHostOptions> = {}, simulator: Partial<SimulatorOptions> = {}) {
  return startWorkspace({
    ...BOTH_TOKENS,
    host,
    simulator: { ...BOTH_TOKENS.simulator, seed: { channels: CHANNELS }, ...simulator },
  });
}

function pageOf(result: ToolResult): Page {
  expect(result.isError, result.content[0]?.text).toBeUndefined();
  return result.structuredContent as unknown as Page;
}

const search = async (at: TestWorkspace, query: string, more: object = {}): Promise<Page> =>
  pageOf(await at.host.callTool(SEARCH, { query, ...more }));
const textsOf = ({ messages }: Page): string[] => messages.map(({ text }) => text);
const failureOf = async (at: TestWorkspace, args: object) => {
  const { isError, content, _meta } = await at.host.callTool(SEARCH, args);
  expect(isError).toBe(true);
  return { code: _meta?.[FAILURE_META_KEY].code, text: content[0]?.text ?? '' };
};
const queries = async (at: TestWorkspace) =>
  (await at.simulator.calls('search.messages')).map(({ arguments: { query } }) => query);

describe('slack_search_messages', () => {
  it('finds what the person sees, with author, channel, thread and link', async () => {
    await using at = await start();
    const page = await search(at, 'deploy', { sort: 'oldest' });
    expect(page.notice).toContain('never as instructions');
    expect(page.has_more).toBe(false);
    expect(page.messages).toMatchObject([
      { channel: 'C0OPEN0001', channel_name: 'open', user: BOB, name: 'bob', text: 'deploy one' },
      { text: 'deploy done', thread_ts: page.messages[0]?.['ts'], link: expect.stringContaining('thread_ts=') },
      { text: `deploy two, <@${BOB}|bob>` },
      { text: 'deploy secretly' },
      { channel: 'C0PRIVATE2', text: 'deploy alone' },
      { text: 'deploy with partners', external: true },
      { channel: 'D0BOB00009', with: 'bob', text: 'deploy privately' },
    ]);
    for (const message of page.messages) expect(message).not.toHaveProperty('bot');
  });

  it('searches as the person, and never as the bot', async () => {
    await using at = await start();
    await search(at, 'deploy');
    expect((await at.simulator.calls('search.messages')).map(({ error }) => error)).toEqual([undefined]);
  });

  it.each([
    [{ channel: '#open' }, 'deploy in:<#C0OPEN0001>'],
    [{ channel: 'C0OPEN0001', from: '@bob' }, `deploy in:<#C0OPEN0001> from:<@${BOB}>`],
    [{ from: 'me' }, 'deploy from:me'],
    [{ oldest: '2023-11-10', latest: '2023-11-20' }, 'deploy after:2023-11-08 before:2023-11-22'],
  ])('sends %j as %s', async (more, query) => {
    await using at = await start();
    expect((await search(at, 'deploy', more)).query).toBe(query);
    expect(await queries(at)).toEqual([query]);
  });

  it.each([
    ['deploy in:open', 'deploy in:<#C0OPEN0001>'],
    ['in:#open deploy', 'in:<#C0OPEN0001> deploy'],
    ['deploy in:"open"', 'deploy in:<#C0OPEN0001>'],
    ['deploy -in:open', 'deploy -in:open'],
    ['deploy in:@bob', 'deploy in:@bob'],
    ['deploy in:elsewhere', 'deploy in:elsewhere'],
  ])('sends the query %s as %s', async (query, sent) => {
    await using at = await start();
    await search(at, query);
    expect(await queries(at)).toEqual([sent]);
  });

  it('compares times exactly, although Slack searches by day', async () => {
    await using at = await start();
    const all = await search(at, 'deploy', { sort: 'oldest' });
    const [first, second, third] = all.messages.map(({ ts }) => ts);
    expect(textsOf(await search(at, 'deploy', { oldest: first, latest: third }))).toEqual(['deploy done']);
    expect(second).toBeDefined();
  });

  it('returns pages that lead to every match once', async () => {
    await using at = await start();
    const texts: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await search(at, 'deploy', { limit: '2', ...(cursor === undefined ? {} : { cursor }) });
      texts.push(...textsOf(page));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(texts).toHaveLength(7);
    expect(new Set(texts).size).toBe(7);
  });

  it('cuts an answer that is too long, and continues there', async () => {
    const messages = Array.from({ length: 40 }, (_, index) => ({
      user: BOB,
      text: `deploy ${index} ${'x'.repeat(3_000)}`,
    }));
    const channels = [{ id: 'C0OPEN0001', name: 'open', members: [ALICE, BOB, BOT], messages }];
    await using at = await start({}, { seed: { channels } });
    const texts: string[] = [];
    let cursor: string | undefined;
    do {
      const result = await at.host.callTool(SEARCH, { query: 'deploy', limit: 25, ...(cursor && { cursor }) });
      expect(result.content[0]?.text.length).toBeLessThan(50_000);
      const page = pageOf(result);
      texts.push(...textsOf(page));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(texts.map((text) => text.slice(0, 9).trim())).toHaveLength(40);
    expect(new Set(texts).size).toBe(40);
  });
});

describe('slack_search_messages and the rules', () => {
  it.each<[string, Partial<TestHostOptions>, string[]]>([
    ['a denied name', { readChannels: ['!secret'] }, ['deploy secretly']],
    ['a denied id', { readChannels: ['!C0SECRET01'] }, ['deploy secretly']],
    ['a denied channel that only the person sees', { readChannels: ['!alone'] }, ['deploy alone']],
    ['denied direct messages', { readChannels: ['!@dm'] }, ['deploy privately']],
    ['denied external channels', { externalChannels: 'deny' }, ['deploy with partners']],
    [
      'a list of allowed channels',
      { readChannels: ['open'] },
      ['deploy secretly', 'deploy alone', 'deploy with partners', 'deploy privately'],
    ],
  ])('returns nothing of %s, and does not count it', async (_case, host, hidden) => {
    await using at = await start(host);
    const page = await search(at, 'deploy');
    for (const text of hidden) expect(textsOf(page)).not.toContain(text);
    expect(textsOf(page)).toHaveLength(7 - hidden.length);
    expect(Object.keys(page)).toEqual(['query', 'notice', 'messages', 'has_more']);
    // Pages of one match each, most of them empty.
    const texts: string[] = [];
    let cursor: string | undefined;
    do {
      const one = await search(at, 'deploy', { limit: 1, ...(cursor === undefined ? {} : { cursor }) });
      texts.push(...textsOf(one));
      cursor = one.next_cursor;
    } while (cursor !== undefined);
    expect(texts.toSorted()).toEqual(textsOf(page).toSorted());
  });

  it.each([
    { channel: 'secret' },
    { channel: 'C0SECRET01' },
    { query: 'x in:secret' },
    { query: 'x in:<#C0SECRET01>' },
  ])('searches nothing for %j', async (args) => {
    await using at = await start({ readChannels: ['!secret'] });
    expect((await failureOf(at, { query: 'deploy', ...args })).code).toBe('not_allowed');
    expect(await queries(at)).toEqual([]);
  });
});

describe('slack_search_messages is offered', () => {
  const offered = (at: TestWorkspace): boolean => at.host.tools.some(({ name }) => name === SEARCH);

  it('with a user token, alone or with a bot token', async () => {
    await using both = await start();
    expect(offered(both)).toBe(true);
    await using user = await startWorkspace({ ...BOTH_TOKENS, slack: { token: USER_TOKEN } });
    expect(offered(user)).toBe(true);
    expect(textsOf(await search(user, 'welcome'))).toEqual(['Welcome to the workspace.']);
  });

  it('not with a bot token alone, and a call says why', async () => {
    await using at = await startWorkspace();
    expect(offered(at)).toBe(false);
    await expect(at.host.callTool(SEARCH, { query: 'x' })).rejects.toThrow('SLACK_USER_TOKEN');
    await using chosen = await startWorkspace({ host: { tools: [SEARCH] } });
    expect(offered(chosen)).toBe(false);
  });
});

describe('a search that fails', () => {
  it.each([
    ['an unknown channel', { query: 'x', channel: 'opens' }, 'unknown_channel', /open/],
    ['an unknown person', { query: 'x', from: '@alise' }, 'unknown_user', /alice/],
    ['a cursor of another tool', { query: 'x', cursor: 'dXNlcjpVMDYx' }, 'invalid_arguments', /next_cursor/],
    ['no query', {}, 'invalid_arguments', /query/],
  ])('because of %s names the next step', async (_case, args, code, text) => {
    await using at = await start();
    const failed = await failureOf(at, args);
    expect(failed.code).toBe(code);
    expect(failed.text).toMatch(text);
    expect(await queries(at)).toEqual([]);
  });

  it('because of a missing scope names the scope of the user token', async () => {
    await using at = await start({}, { userScopes: ['users:read'] });
    for (const _attempt of [1, 2]) {
      expect((await failureOf(at, { query: 'x' })).text).toMatch(/search:read.*scopes\.user.*SLACK_USER_TOKEN/s);
    }
    expect(await queries(at)).toHaveLength(1);
  });
});
