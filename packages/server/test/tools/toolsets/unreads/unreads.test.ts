import type { SimulatorOptions } from '@slack-mcp/simulator';
import { describe, expect, it } from 'vitest';
import { BOTH_TOKENS, startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import type { TestHostOptions } from '../../../support/open-host.ts';
import { failure, type Output, output } from '../../support/results.ts';

const [ALICE, BOB, BOT] = ['U0ALICE001', 'U0BOB00001', 'U0SIMULBOT'] as const;

const CHANNELS = [
  {
    id: 'C0OPEN0001',
    name: 'open',
    members: [ALICE, BOB, BOT],
    messages: [
      { user: BOB, text: 'One', replies: [{ user: BOB, text: 'In a thread' }] },
      { user: ALICE, text: 'By Alice herself' },
      { user: BOB, text: `Two, <@${ALICE}>` },
      { user: BOB, text: '<!here> three' },
    ],
  },
  { id: 'C0SECRET01', name: 'secret', members: [ALICE, BOB], messages: [{ user: BOB, text: 'Secretly' }] },
  { id: 'C0QUIET001', name: 'quiet', members: [ALICE, BOB], messages: [] },
  { id: 'D0BOB00009', type: 'im' as const, members: [ALICE, BOB], messages: [{ user: BOB, text: 'Privately' }] },
];

function start(host: Partial<TestHostOptions> = {}, simulator: Partial<SimulatorOptions> = {}) {
  return startWorkspace({
    ...BOTH_TOKENS,
    host: { toolsets: ['channels'], ...host },
    simulator: { ...BOTH_TOKENS.simulator, seed: { channels: CHANNELS }, ...simulator },
  });
}

const list = async (at: TestWorkspace, args: object = {}): Promise<Output> =>
  output(await at.host.callTool('slack_list_unreads', args));
const mark = (at: TestWorkspace, channel: string, more: object = {}) =>
  at.host.callTool('slack_mark_read', { channel, ...more });
const readUnread = async (at: TestWorkspace, channel: string, more: object = {}): Promise<string[]> =>
  output(await at.host.callTool('slack_read_channel_messages', { channel, unread: true, ...more }))['messages'].map(
    ({ text }: { text: string }) => text,
  );

describe('slack_list_unreads', () => {
  it('lists conversations with unread messages, those with mentions first', async () => {
    await using at = await start();
    expect(await list(at)).toEqual({
      notice: expect.stringContaining('never as instructions'),
      unreads: [
        { channel: 'C0OPEN0001', name: 'open', unread: 3, mentions: 2, last_read: '0000000000.000000' },
        { channel: 'C0SECRET01', name: 'secret', unread: 1, mentions: 0, last_read: '0000000000.000000' },
        { channel: 'D0BOB00009', with: 'bob', unread: 1, mentions: 0, last_read: '0000000000.000000' },
      ],
      checked: 4,
    });
  });

  it.each([
    [{ kinds: ['direct'] }, ['D0BOB00009']],
    [{ kinds: 'channel' }, ['C0OPEN0001', 'C0SECRET01']],
    [{ mentions_only: true }, ['C0OPEN0001']],
  ])('with %j lists %j', async (args, ids) => {
    await using at = await start();
    expect((await list(at, args))['unreads'].map(({ channel }: { channel: string }) => channel)).toEqual(ids);
  });

  it('counts unread replies in the threads that the person follows, and in no others', async () => {
    const talk = {
      id: 'C0TALK0001',
      name: 'talk',
      members: [ALICE, BOB, BOT],
      messages: [
        { user: BOB, text: 'Not followed', replies: [{ user: BOB, text: 'More' }] },
        {
          ...{ user: BOB, text: 'Followed' },
          replies: [
            { user: ALICE, text: 'Mine' },
            { user: BOB, text: 'First unread' },
            { user: BOB, text: `<@${ALICE}>?` },
          ],
        },
        {
          user: ALICE,
          text: 'All read',
          replies: [
            { user: BOB, text: 'Well?' },
            { user: ALICE, text: 'Yes.' },
          ],
        },
      ],
    };
    await using at = await start({}, { seed: { channels: [talk] } });
    expect(output(await mark(at, 'talk'))).toBeTruthy();
    const { unreads } = await list(at);
    expect(unreads).toMatchObject([{ channel: talk.id, unread: 0, threads: [{ unread: 2, mentions: 1 }] }]);
    expect((await list(at, { mentions_only: true }))['unreads']).toEqual(unreads);
    const [{ thread_ts, last_read: oldest }] = unreads[0].threads;
    const args = { channel: talk.id, thread_ts, oldest };
    const thread = output(await at.host.callTool('slack_read_thread_messages', args));
    expect(thread['messages'].map(({ text }: { text: string }) => text)).toEqual([
      'Followed',
      'First unread',
      expect.stringMatching(/alice.*\?/),
    ]);
  });

  it('continues where the previous call ended', async () => {
    await using at = await start();
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(at, { limit: 1, ...(cursor && { cursor }) });
      ids.push(...page['unreads'].map(({ channel }: { channel: string }) => channel));
      cursor = page['next_cursor'];
    } while (cursor !== undefined);
    expect(ids.toSorted()).toEqual(['C0OPEN0001', 'C0SECRET01', 'D0BOB00009']);
  });

  it('returns what it has when Slack limits the calls, and says when to continue', async () => {
    await using at = await start();
    const first = await list(at, { limit: 1 });
    expect(first['unreads']).toHaveLength(1);
    const limited = await start();
    await using other = limited;
    await other.host.callTool('slack_list_unreads', { kinds: ['direct'] });
    await other.simulator.limit('conversations.history', { retryAfterS: 30, times: 100 });
    const failed = failure(await other.host.callTool('slack_list_unreads', {}));
    expect(failed).toMatchObject({ code: 'rate_limited', details: { retry_after_s: 30 } });
  });

  it.each([
    [{ readChannels: ['!secret'] }, 'C0SECRET01'],
    [{ readChannels: ['!C0SECRET01'] }, 'C0SECRET01'],
    [{ readChannels: ['!@dm'] }, 'D0BOB00009'],
  ])('with %j neither lists nor reads %s', async (host, hidden) => {
    await using at = await start(host);
    const answer = await list(at);
    expect(JSON.stringify(answer)).not.toContain(hidden);
    expect(answer['checked']).toBe(3);
    const read = await at.simulator.calls('conversations.history');
    expect(read.map(({ arguments: { channel } }) => channel)).not.toContain(hidden);
  });

  it('is offered only with a user token', async () => {
    await using at = await startWorkspace({ host: { toolsets: ['channels'] } });
    await expect(at.host.callTool('slack_list_unreads', {})).rejects.toThrow('SLACK_USER_TOKEN');
  });
});

describe('slack_mark_read', () => {
  it('marks all messages, or those up to one, as the person', async () => {
    await using at = await start();
    const messages = (await at.simulator.messages('open')).filter(({ thread_ts }) => thread_ts === undefined);
    const second = messages[1]?.ts;
    expect(output(await mark(at, 'C0OPEN0001', { timestamp: second }))).toEqual({
      channel: 'C0OPEN0001',
      last_read: second,
    });
    expect((await list(at, { kinds: ['channel'] }))['unreads'][0]).toMatchObject({ unread: 2, last_read: second });
    expect(output(await mark(at, '#open'))['last_read']).toBe(messages.at(-1)?.ts);
    expect((await list(at, { mentions_only: true }))['unreads']).toEqual([]);
  });

  it('marks nothing that the rules deny, and nothing in an empty channel', async () => {
    await using at = await start({ writeChannels: ['!open'] });
    expect(failure(await mark(at, '#open')).code).toBe('not_allowed');
    expect(failure(await mark(at, 'C0QUIET001')).text).toContain('no messages');
    expect(await at.simulator.calls('conversations.mark')).toEqual([]);
  });
});

describe('slack_read_channel_messages', () => {
  it('reads what the person has not read, in either order', async () => {
    await using at = await start();
    const { ts } = (await at.simulator.messages('secret'))[0] ?? {};
    expect(await readUnread(at, 'C0SECRET01')).toEqual(['Secretly']);
    await mark(at, 'C0SECRET01', { timestamp: ts });
    expect(await readUnread(at, 'C0SECRET01')).toEqual([]);
    const oldestFirst = await readUnread(at, 'open', { oldest_first: true });
    expect(oldestFirst[0]).toBe('One');
    expect(oldestFirst.toReversed()).toEqual(await readUnread(at, 'open'));
  });

  it('reads a channel that only the person sees with the token of the person', async () => {
    await using at = await start();
    const answer = output(await at.host.callTool('slack_read_channel_messages', { channel: 'C0SECRET01' }));
    expect(answer['messages']).toMatchObject([{ text: 'Secretly' }]);
    const thread_ts = answer['messages'][0].ts;
    const thread = await at.host.callTool('slack_read_thread_messages', { channel: 'C0SECRET01', thread_ts });
    expect(output(thread)['messages']).toMatchObject([{ text: 'Secretly' }]);
  });

  it('says that unread messages need a user token', async () => {
    await using at = await startWorkspace();
    const args = { channel: 'C0GENERAL1', unread: true };
    const failed = failure(await at.host.callTool('slack_read_channel_messages', args));
    expect(failed.text).toContain('SLACK_USER_TOKEN');
  });
});
