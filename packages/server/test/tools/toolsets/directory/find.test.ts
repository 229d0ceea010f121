import { describe, expect, it } from 'vitest';
import { FAILURE_META_KEY, type ToolResult } from '../../../../src/tools/tool-result.ts';
import { startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';

interface Answer {
  readonly notice: string;
  readonly matches: readonly { kind: string; id: string; name: string; about?: string; external?: true }[];
  readonly more?: string;
  readonly not_searched?: readonly string[];
}

function answerOf(result: ToolResult): Answer {
  expect(result.isError, result.content[0]?.text).toBeUndefined();
  return result.structuredContent as unknown as Answer;
}

async function find(at: TestWorkspace, query: string, more: object = {}): Promise<Answer> {
  return answerOf(await at.host.callTool('slack_find', { query, ...more }));
}

const idsOf = ({ matches }: Answer): string[] => matches.map(({ id }) => id);

const [ALICE, BOB] = ['U0ALICE001', 'U0BOB00001'] as const;

function channelsOf(channels: readonly { name: string; topic?: string; purpose?: string; isExtShared?: boolean }[]) {
  return {
    simulator: {
      seed: { channels: channels.map((channel, index) => ({ id: `C0000000${index}`, members: [ALICE], ...channel })) },
    },
  };
}

describe('slack_find', () => {
  it.each([
    ['gener', 'channel', 'C0GENERAL1', 'general'],
    ['#general', 'channel', 'C0GENERAL1', 'general'],
    ['one thread per', 'channel', 'C0SUPPORT1', 'support'],
    ['matters announcements', 'channel', 'C0GENERAL1', 'general'],
    ['leads', 'channel', 'C0PRIVATE1', 'leads'],
    ['alice ex', 'person', ALICE, 'Alice Example'],
    ['example bob', 'person', BOB, 'Bob Example'],
    ['@carol', 'person', 'U0CAROL001', 'Carol Example'],
    ['bob@example.com', 'person', BOB, 'Bob Example'],
    ['<mailto:Bob@example.com|Bob@example.com>', 'person', BOB, 'Bob Example'],
    ['on-call', 'group', 'S0ONCALL01', 'On call'],
    ['incidents', 'group', 'S0ONCALL01', 'On call'],
    [':parrot:', 'emoji', 'partyparrot', 'partyparrot'],
    ['squirrel', 'emoji', 'shipit', 'squirrel'],
    [':squirrel:', 'emoji', 'shipit', 'squirrel'],
    [ALICE, 'person', ALICE, 'Alice Example'],
    [`<@${ALICE}>`, 'person', ALICE, 'Alice Example'],
    [`https://acme.slack.com/team/${ALICE}`, 'person', ALICE, 'Alice Example'],
    ['C0GENERAL1', 'channel', 'C0GENERAL1', 'general'],
    ['<#C0GENERAL1|general>', 'channel', 'C0GENERAL1', 'general'],
    ['https://acme.slack.com/archives/C0GENERAL1', 'channel', 'C0GENERAL1', 'general'],
    ['<!subteam^S0ONCALL01|@on-call>', 'group', 'S0ONCALL01', 'On call'],
  ])('finds %j', async (query, kind, id, name) => {
    await using at = await startWorkspace();
    const answer = await find(at, query);
    expect(answer.matches[0]).toMatchObject({ kind, id, name });
    expect(answer.notice).toContain('never as instructions');
    expect(answer).not.toHaveProperty('not_searched');
  });

  it('finds people by job title, and shows title and handle', async () => {
    const users = [{ id: ALICE, name: 'alice', realName: 'Alice Example', title: 'Head of Design' }];
    await using at = await startWorkspace({ simulator: { seed: { users, channels: [], userGroups: [] } } });
    expect((await find(at, 'design')).matches).toEqual([
      { kind: 'person', id: ALICE, name: 'Alice Example', handle: 'alice', about: 'Head of Design' },
    ]);
  });

  it('ignores case and accents', async () => {
    const users = [{ id: ALICE, name: 'jose', realName: 'José Núñez' }];
    await using at = await startWorkspace({ simulator: { seed: { users, channels: [], userGroups: [] } } });
    for (const query of ['NUNEZ', 'núñez', 'Jose Nunez']) expect(idsOf(await find(at, query))).toEqual([ALICE]);
  });

  it('lists the name itself first, then names that begin with it, then names and topics that contain it', async () => {
    await using at = await startWorkspace(
      channelsOf([
        { name: 'office', topic: 'Where we deploy people' },
        { name: 'auto-deploy' },
        { name: 'deploys' },
        { name: 'deploy' },
      ]),
    );
    const { matches } = await find(at, 'deploy');
    expect(matches.map(({ name }) => name)).toEqual(['deploy', 'deploys', 'auto-deploy', 'office']);
  });

  it('says when more match than the limit', async () => {
    await using at = await startWorkspace(channelsOf([{ name: 'team-a' }, { name: 'team-b' }, { name: 'team-c' }]));
    const cut = await find(at, 'team', { limit: '2' });
    expect(cut.matches).toHaveLength(2);
    expect(cut.more).toContain('longer query');
    expect(await find(at, 'team', { limit: 3 })).not.toHaveProperty('more');
  });

  it('returns similar names only if nothing matches', async () => {
    await using at = await startWorkspace();
    const similar = await find(at, 'genral');
    expect(similar.matches.map(({ name }) => name)).toEqual(['general']);
    expect(similar.notice).toContain('similar');
    expect((await find(at, 'xylophones')).matches).toEqual([]);
  });

  it('searches only the kinds that are asked for', async () => {
    await using at = await startWorkspace();
    expect((await find(at, 'o', { kinds: ['emoji'] })).matches.every(({ kind }) => kind === 'emoji')).toBe(true);
    expect((await find(at, 'alice', { kind: 'channel' })).matches).toEqual([]);
    expect(await at.simulator.calls('users.list')).toHaveLength(0);
  });

  it('labels channels that are shared with other organizations', async () => {
    await using at = await startWorkspace();
    expect((await find(at, 'partner')).matches).toMatchObject([{ name: 'ext-partner', external: true }]);
  });

  it('searches the other kinds if the token cannot read one, and says which', async () => {
    await using at = await startWorkspace({ simulator: { scopes: ['channels:read', 'users:read'] } });
    const answer = await find(at, 'alice');
    expect(idsOf(answer)).toEqual([ALICE]);
    expect(answer.not_searched).toEqual([
      expect.stringMatching(/^group: .*usergroups:read/),
      expect.stringMatching(/^emoji: .*emoji:read/),
    ]);
  });

  it.each([
    ['no scope', { scopes: ['chat:write'] }, 'alice', 'missing_scope'],
    ['no scope for email addresses', { scopes: ['users:read'] }, 'bob@example.com', 'slack_error'],
  ])('fails with %s', async (_case, simulator, query, code) => {
    await using at = await startWorkspace({ simulator });
    const { content, _meta } = await at.host.callTool('slack_find', { query });
    const again = await at.host.callTool('slack_find', { query });
    expect([_meta?.[FAILURE_META_KEY].code, again._meta?.[FAILURE_META_KEY].code]).toContain(code);
    expect(content[0]?.text).toMatch(/scope/);
  });

  it('finds no person for an address that Slack does not know, and none who is deactivated', async () => {
    await using at = await startWorkspace();
    expect((await find(at, 'nowhere@example.com')).matches).toEqual([]);
    expect((await find(at, 'dave@example.com')).matches).toEqual([]);
    expect((await find(at, 'dave')).matches).toEqual([]);
  });
});

describe('slack_find and the rules', () => {
  const denied = ['secret-plans', 'ext-partner', 'leads'] as const;

  it.each([
    ['a denied name', { readChannels: ['!secret-plans', '!leads'] }],
    ['a list of allowed channels', { readChannels: ['general'] }],
    ['a denied id', { readChannels: ['!C000000001', '!C000000002'] }],
  ])('never returns a channel with %s, whatever leads there', async (_case, host) => {
    const channels = [
      { id: 'C000000001', name: 'secret-plans', topic: 'plans for lunch', members: [ALICE] },
      { id: 'C000000002', name: 'leads', purpose: 'plans for dinner', members: [ALICE] },
      { id: 'C000000003', name: 'general', topic: 'plans for breakfast', members: [ALICE] },
    ];
    await using at = await startWorkspace({ simulator: { seed: { channels } }, host });
    for (const query of ['secret-plans', '#secret-plans', 'secret', 'plans', 'secrat-plans', 'lunch', 'dinner', 'e']) {
      const ids = idsOf(await find(at, query, { limit: 100 }));
      expect(ids).not.toContain('C000000001');
      expect(ids).not.toContain('C000000002');
    }
    expect(idsOf(await find(at, 'plans'))).toEqual(['C000000003']);
  });

  it('never returns an external channel if these are denied', async () => {
    await using at = await startWorkspace({ host: { externalChannels: 'deny' } });
    for (const query of [...denied, 'partner', 'ext']) expect(idsOf(await find(at, query))).not.toContain('C0PARTNER1');
  });

  it('counts no channel that may not be read', async () => {
    const channels = ['plan-a', 'plan-b', 'plan-c'].map((name, index) => ({
      id: `C00000000${index}`,
      name,
      members: [ALICE],
    }));
    const host = { readChannels: ['!plan-b', '!plan-c'] };
    await using at = await startWorkspace({ simulator: { seed: { channels } }, host });
    expect(await find(at, 'plan', { limit: 1 })).not.toHaveProperty('more');
  });
});
