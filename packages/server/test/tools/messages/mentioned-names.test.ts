import { describe, expect, it } from 'vitest';
import { BOTH_TOKENS, startWorkspace, type TestWorkspace } from '../../mcp/support/start-workspace.ts';
import { output } from '../support/results.ts';

const GENERAL = 'C0GENERAL1';
const members = ['U0ALICE001', 'U0SIMULBOT'];
const inText = (...elements: object[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});

/** A channel whose messages mention channels and a user group without names. */
async function start(host: object = {}, simulator: object = {}) {
  const channel = { type: 'channel', channel_id: 'C0SECRET01' };
  const group = { type: 'usergroup', usergroup_id: 'S0ONCALL01' };
  const messages = [
    { user: 'U0ALICE001', text: 'See <#C0SECRET01> and <#C0RANDOM01|> with <!subteam^S0ONCALL01>' },
    { user: 'U0ALICE001', text: '', fields: { blocks: [inText(channel, { type: 'text', text: ' ' }, group)] } },
    { user: 'U0ALICE001', text: 'Unseen: <#C0ABSENT01>, labelled: <#C0OTHER001|other>' },
  ];
  return startWorkspace({
    ...BOTH_TOKENS,
    host: { output: 'text', ...host },
    simulator: {
      ...BOTH_TOKENS.simulator,
      seed: {
        channels: [
          { id: GENERAL, name: 'general', members, messages },
          { id: 'C0SECRET01', name: 'secret-plans', members },
          { id: 'C0RANDOM01', name: 'random', members },
        ],
      },
      ...simulator,
    },
  });
}

const read = async (at: TestWorkspace) => {
  const result = await at.host.callTool('slack_read_channel_messages', { channel: GENERAL });
  expect(result.isError).toBeUndefined();
  return result.content[0].text as string;
};
const asked = async (at: TestWorkspace, method: string) =>
  (await at.simulator.calls(method)).map((call) => call.arguments['channel']);

describe('channels and user groups in texts', () => {
  it('have names, from texts and from blocks', async () => {
    await using at = await start();
    const text = await read(at);
    expect(text).toContain('See #secret-plans and #random with @oncall');
    expect(text).toContain('#secret-plans @oncall');
    expect(text).toContain('Unseen: #C0ABSENT01, labelled: #other');
  });

  it('have names in search results', async () => {
    await using at = await start({ output: 'json' });
    const { messages } = output(await at.host.callTool('slack_search_messages', { query: 'with' }));
    expect(messages[0].text).toContain('<#C0SECRET01|secret-plans> and <#C0RANDOM01|random>');
    expect(messages[0].text).toContain('<!subteam^S0ONCALL01|@oncall>');
  });

  it('are looked up once', async () => {
    await using at = await start();
    await read(at);
    const channels = await asked(at, 'conversations.info');
    expect(channels.toSorted()).toEqual(['C0ABSENT01', 'C0ABSENT01', 'C0RANDOM01', 'C0SECRET01', GENERAL].toSorted());
    expect(await at.simulator.calls('usergroups.list')).toHaveLength(1);
    await read(at);
    expect(await asked(at, 'conversations.info')).toEqual(channels);
    expect(await at.simulator.calls('usergroups.list')).toHaveLength(1);
  });

  it('are taken from the list of channels if it is known', async () => {
    await using at = await start();
    await at.host.callTool('slack_find', { query: 'random', kinds: ['channel'] });
    const before = await asked(at, 'conversations.info');
    expect(await read(at)).toContain('#secret-plans');
    const later = (await asked(at, 'conversations.info')).slice(before.length);
    expect(later).toEqual(['C0ABSENT01', 'C0ABSENT01']);
  });

  it('are not looked up if nothing mentions them', async () => {
    const channels = [{ id: GENERAL, name: 'general', members, messages: [{ user: 'U0ALICE001', text: 'Hi' }] }];
    await using at = await start({}, { seed: { channels } });
    await read(at);
    expect(await at.simulator.calls('usergroups.list')).toEqual([]);
    expect(await asked(at, 'conversations.info')).toEqual([GENERAL]);
  });

  it('stay ids if Slack does not return them', async () => {
    await using at = await start();
    for (const method of ['conversations.info', 'usergroups.list']) {
      await at.simulator.fail(method, 'missing_scope', { times: 20 });
    }
    expect(await read(at)).toContain('See #C0SECRET01 and #C0RANDOM01 with @S0ONCALL01');
    await read(at);
    expect((await at.simulator.calls('usergroups.list')).length).toBe(1);
  });
});

describe('a channel that may not be read', () => {
  it.each([
    { readChannels: ['!secret-plans'] },
    { readChannels: ['general', 'random'] },
    { readChannels: ['!C0SECRET01'] },
  ])('has no name in texts with %j', async (host) => {
    await using at = await start(host);
    const text = await read(at);
    expect(text).not.toContain('secret-plans');
    expect(text).toContain('#random');
  });

  it('is not looked up if a rule denies its id', async () => {
    await using at = await start({ readChannels: ['!C0SECRET01'] });
    await read(at);
    expect(await asked(at, 'conversations.info')).not.toContain('C0SECRET01');
  });
});
