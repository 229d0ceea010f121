import { describe, expect, it } from 'vitest';
import { startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import { failure, output } from '../../support/results.ts';

const [ALICE, BOB] = ['U0ALICE001', 'U0BOB00001'] as const;

const start = (host: object = {}, simulator: object = {}) =>
  startWorkspace({ host: { toolsets: ['channels'], ...host }, simulator });
const join = (at: TestWorkspace, channel: string) => at.host.callTool('slack_join_channel', { channel });
const open = (at: TestWorkspace, ...users: string[]) => at.host.callTool('slack_open_conversation', { users });
const opened = async (at: TestWorkspace) =>
  (await at.simulator.calls('conversations.open')).map(({ arguments: { users } }) => users);

describe('slack_join_channel', () => {
  it('makes the bot a member, once', async () => {
    await using at = await start();
    expect(output(await join(at, '#watercooler'))).toEqual({ channel: 'C0OUTSIDE1' });
    expect(output(await join(at, 'C0OUTSIDE1'))).toEqual({ channel: 'C0OUTSIDE1', already_member: true });
    const posted = await at.host.callTool('slack_post_message', { channel: 'watercooler', text: 'Hello' });
    expect(posted.isError).toBeUndefined();
  });

  it.each([
    ['C0PRIVATE1', 'method_not_supported_for_channel_type', /\/invite @bot/],
    ['C0ARCHIVE1', 'is_archived', /Choose another channel/],
    ['C0NOWHERE9', 'channel_not_found', /exact name/],
  ])('says what to do about %s (%s)', async (channel, error, text) => {
    await using at = await start();
    const failed = failure(await join(at, channel));
    expect(failed).toMatchObject({ code: 'slack_error', details: { slack_error: error } });
    expect(failed.text).toMatch(text);
  });
});

describe('slack_open_conversation', () => {
  it.each([
    ['alice', ALICE],
    ['@alice', ALICE],
    [ALICE, ALICE],
    [`<@${ALICE}|alice>`, ALICE],
  ])('opens direct messages with %s', async (person, id) => {
    await using at = await start();
    const direct = output(await open(at, person));
    expect(direct).toEqual({ channel: 'D0ALICE001', users: [id], already_open: true });
  });

  it('opens one conversation with a group, and returns it again', async () => {
    await using at = await start();
    const first = output(await open(at, '@alice', BOB, 'alice'));
    expect(first).toEqual({ channel: expect.stringMatching(/^C/), users: [ALICE, BOB] });
    expect(output(await open(at, BOB, ALICE))).toMatchObject({ channel: first['channel'], already_open: true });
    const posted = output(await at.host.callTool('slack_post_message', { channel: first['channel'], text: 'Hello' }));
    expect(posted['channel']).toBe(first['channel']);
  });

  it.each([
    [['general'], 'unknown_user'],
    [['C0GENERAL1'], 'unknown_user'],
    [['@alice', '@nobody-here'], 'unknown_user'],
    [Array.from({ length: 9 }, (_, index) => `U0000000${index}`), 'invalid_arguments'],
    [[], 'invalid_arguments'],
  ])('opens nothing for %j', async (users, code) => {
    await using at = await start();
    expect(failure(await open(at, ...users)).code).toBe(code);
    expect(await opened(at)).toEqual([]);
  });

  it.each([
    { writeChannels: ['!@dm'] },
    { writeChannels: ['general'] },
    { writeChannels: ['!D0BOB00001'] },
    { externalChannels: 'deny' },
  ])('opens nothing that %j denies, alone or in a group', async (host) => {
    await using at = await start(host);
    for (const users of [['@bob'], [BOB], [ALICE, BOB]]) {
      expect(failure(await open(at, ...users)).code).toBe('not_allowed');
    }
    expect(await opened(at)).toEqual([]);
  });

  it('says that a person is deactivated', async () => {
    await using at = await start();
    const failed = failure(await open(at, 'U0DELETED1'));
    expect(failed).toMatchObject({ details: { slack_error: 'user_disabled' } });
    expect(failed.text).toContain('Choose another person');
  });
});
