import type { SimulatorOptions } from '@slack-mcp/simulator';
import { describe, expect, it } from 'vitest';
import { BOTH_TOKENS, startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import type { TestHostOptions } from '../../../support/open-host.ts';
import { failure, output } from '../../support/results.ts';

const [ALICE, BOB, BOT] = ['U0ALICE001', 'U0BOB00001', 'U0SIMULBOT'] as const;
const PUBLIC = ['users:read', 'channels:read', 'files:read', 'search:read.public', 'search:read.files'];
const READ = ['groups:read', 'im:read', 'mpim:read'];
const EVERYWHERE = [...PUBLIC, ...READ, 'search:read.private', 'search:read.im', 'search:read.mpim'];
const TOOL = 'slack_search_messages';
const METHOD = 'assistant.search.context';

const CHANNELS = [
  {
    id: 'C0OPEN0001',
    name: 'open',
    members: [ALICE, BOB, BOT],
    messages: [
      { user: BOB, text: 'deploy one', replies: [{ user: ALICE, text: 'deploy done' }] },
      {
        user: ALICE,
        text: `deploy two, <@${BOB}>`,
        files: [{ id: 'F0REPORT01', name: 'deploy-report.csv', content: 'a,b' }],
      },
    ],
  },
  {
    id: 'C0SECRET01',
    name: 'secret',
    members: [ALICE, BOT],
    messages: [
      {
        user: ALICE,
        text: 'deploy secretly',
        files: [{ id: 'F0SECRET01', name: 'deploy-secret.csv', content: 'a,b' }],
      },
    ],
  },
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

function start(
  userScopes: readonly string[],
  host: Partial<TestHostOptions> = {},
  simulator: Partial<SimulatorOptions> = {},
) {
  return startWorkspace({
    ...BOTH_TOKENS,
    host,
    simulator: { ...BOTH_TOKENS.simulator, userScopes, seed: { channels: CHANNELS }, ...simulator },
  });
}

const search = async (at: TestWorkspace, args: object = {}) =>
  output(await at.host.callTool(TOOL, { query: 'deploy', ...args }));
const textsOf = (page: Record<string, unknown>) => (page['messages'] as { text: string }[]).map(({ text }) => text);
const methodsOf = async (at: TestWorkspace) =>
  (await at.simulator.calls()).map(({ method }) => method).filter((method) => /search/.test(method));

describe('slack_search_messages with the scopes of the Real-time Search API', () => {
  it('finds what the scopes allow, with author, channel, thread and link, and says what is not searched', async () => {
    await using at = await start(PUBLIC);
    const page = await search(at, { sort: 'oldest' });
    expect(page['messages']).toMatchObject([
      { channel: 'C0OPEN0001', channel_name: 'open', user: BOB, name: 'bob', text: 'deploy one' },
      { text: 'deploy done', thread_ts: page['messages'][0].ts, link: expect.stringContaining('thread_ts=') },
      { text: `deploy two, <@${BOB}|bob>` },
      { text: 'deploy secretly' },
      { text: 'deploy with partners', external: true },
    ]);
    expect(page['messages'][0]).not.toHaveProperty('external');
    expect(page['note']).toBe(
      'Not searched: private channels, direct messages, group direct messages. The user token lacks search:read.private, search:read.im, search:read.mpim.',
    );
    const shown = await at.host.callTool(TOOL, { query: 'deploy' }, { format: 'text' });
    expect(shown.content[0]?.text).toMatch(/\nNot searched: private channels/);
  });

  it('searches every conversation with all scopes, and names the other person of direct messages', async () => {
    await using at = await start(EVERYWHERE);
    const page = await search(at, { sort: 'oldest' });
    expect(textsOf(page)).toEqual([
      'deploy one',
      'deploy done',
      `deploy two, <@${BOB}|bob>`,
      'deploy secretly',
      'deploy alone',
      'deploy with partners',
      'deploy privately',
    ]);
    expect(page['messages'].at(-1)).toMatchObject({ channel: 'D0BOB00009', with: expect.stringMatching(/bob/i) });
    expect(page).not.toHaveProperty('note');
  });

  it('marks the messages of bots', async () => {
    const messages = [{ bot_id: 'B0SIMULBOT', user: BOT, text: 'deploy finished' }];
    const channels = [{ id: 'C0OPEN0001', name: 'open', members: [ALICE, BOT], messages }];
    await using at = await start(PUBLIC, {}, { seed: { channels } });
    expect((await search(at))['messages']).toMatchObject([{ text: 'deploy finished', bot: 'simulator' }]);
  });

  it('searches with numbered pages if the token has search:read as well', async () => {
    await using at = await start(['users:read', 'search:read', 'search:read.public']);
    await search(at);
    await search(at);
    expect(await methodsOf(at)).toEqual(['search.messages', 'search.messages']);
  });

  it('learns the scopes from the first answer, and then asks only the method that they allow', async () => {
    await using at = await start(PUBLIC);
    await search(at);
    await search(at);
    expect(await methodsOf(at)).toEqual(['search.messages', METHOD, METHOD]);
  });

  it('passes channels, people and the window of time', async () => {
    await using at = await start(PUBLIC);
    const page = await search(at, { channel: '#open', from: '@bob', oldest: '1700000000', latest: '1700000001' });
    expect(page['query']).toMatch(/^deploy in:<#C0OPEN0001> from:<@U0BOB00001> after:\S+ before:\S+$/);
    expect((await at.simulator.calls(METHOD)).at(-1)?.arguments).toMatchObject({
      query: page['query'],
      channel_types: 'public_channel',
      after: '1699999999',
      before: '1700000002',
    });
  });

  it('returns pages that lead to every match once', async () => {
    const messages = Array.from({ length: 45 }, (_, index) => ({ user: BOB, text: `deploy ${index}.` }));
    const channels = [{ id: 'C0OPEN0001', name: 'open', members: [ALICE, BOB, BOT], messages }];
    await using at = await start(PUBLIC, {}, { seed: { channels } });
    const texts: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await search(at, { limit: 100, ...(cursor === undefined ? {} : { cursor }) });
      texts.push(...textsOf(page));
      cursor = page['next_cursor'];
    } while (cursor !== undefined);
    expect([texts.length, new Set(texts).size]).toEqual([45, 45]);
    expect(await at.simulator.calls(METHOD)).toHaveLength(3);
  });

  it('cuts an answer that is too long, and continues there', async () => {
    const messages = Array.from({ length: 20 }, (_, index) => ({
      user: BOB,
      text: `deploy ${index} ${'x'.repeat(3_900)}`,
    }));
    const channels = [{ id: 'C0OPEN0001', name: 'open', members: [ALICE, BOB, BOT], messages }];
    await using at = await start(PUBLIC, {}, { seed: { channels } });
    const first = await search(at);
    expect(first['next_cursor']).toMatch(/^next:[1-9]\d*:$/);
    const second = await search(at, { cursor: first['next_cursor'] });
    const all = [...textsOf(first), ...textsOf(second)].map((text) => text.slice(0, 9).trim());
    expect([all.length, new Set(all).size]).toEqual([20, 20]);
  });

  it('refuses a cursor of the other search, and names the next step', async () => {
    await using at = await start(PUBLIC);
    await search(at);
    const { code, text } = failure(await at.host.callTool(TOOL, { query: 'deploy', cursor: 'page:2' }));
    expect([code, text]).toEqual(['invalid_arguments', expect.stringMatching(/Call again without cursor/)]);
  });

  it.each<[string, Partial<TestHostOptions>, string[]]>([
    ['a denied name', { readChannels: ['!secret'] }, ['deploy secretly']],
    ['a denied id', { readChannels: ['!C0SECRET01'] }, ['deploy secretly']],
    ['a denied channel that only the person sees', { readChannels: ['!alone'] }, ['deploy alone']],
    ['denied direct messages', { readChannels: ['!@dm'] }, ['deploy privately']],
    ['denied external channels', { externalChannels: 'deny' }, ['deploy with partners']],
  ])('returns nothing of %s', async (_case, host, hidden) => {
    await using at = await start(EVERYWHERE, host);
    const texts = textsOf(await search(at));
    expect(texts).toHaveLength(7 - hidden.length);
    for (const text of hidden) expect(texts).not.toContain(text);
  });
});

describe('slack_search_files with the scopes of the Real-time Search API', () => {
  const idsOf = async (at: TestWorkspace, args: object = {}) =>
    output(await at.host.callTool('slack_search_files', { query: 'deploy', ...args }))['files'].map(
      ({ id }: { id: string }) => id,
    );

  it('finds files with their channel, size and link', async () => {
    await using at = await start(PUBLIC);
    const found = output(await at.host.callTool('slack_search_files', { query: 'report' }));
    expect(found['files']).toMatchObject([
      {
        id: 'F0REPORT01',
        name: 'deploy-report.csv',
        channel: 'C0OPEN0001',
        link: expect.stringContaining('F0REPORT01'),
      },
    ]);
  });

  it('returns no file that is shared only in channels that the rules deny', async () => {
    await using open = await start(PUBLIC);
    expect((await idsOf(open)).toSorted()).toEqual(['F0REPORT01', 'F0SECRET01']);
    await using at = await start(PUBLIC, { readChannels: ['!secret'] });
    expect(await idsOf(at)).toEqual(['F0REPORT01']);
  });
});
