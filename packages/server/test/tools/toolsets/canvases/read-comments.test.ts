import { describe, expect, it } from 'vitest';
import { BOTH_TOKENS, startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import type { TestHostOptions } from '../../../support/open-host.ts';
import { failure, output } from '../../support/results.ts';

const [ALICE, BOB, BOT] = ['U0ALICE001', 'U0BOB00001', 'U0SIMULBOT'] as const;
const CANVAS = 'F0CANVAS01';

const COMMENTS = [
  {
    about: 'Ship on Friday',
    user: ALICE,
    text: 'Not on a Friday',
    replies: [{ user: BOB, text: `Right, <@${ALICE}>` }],
  },
];

const CHANNELS = [
  {
    id: 'C0OPEN0001',
    name: 'open',
    members: [ALICE, BOB, BOT],
    messages: [
      {
        user: BOB,
        text: 'The plan',
        files: [
          {
            ...{ id: CANVAS, name: 'plan', mimetype: 'application/vnd.slack-docs', content: '<p>Ship on Friday</p>' },
            comments: COMMENTS,
          },
        ],
        replies: [{ user: ALICE, text: 'Looks good' }],
      },
    ],
  },
];

const start = (host: Partial<TestHostOptions> = {}) =>
  startWorkspace({
    ...BOTH_TOKENS,
    host: { toolsets: ['canvases'], ...host },
    simulator: { ...BOTH_TOKENS.simulator, seed: { channels: CHANNELS } },
  });

const read = (at: TestWorkspace, more: object = {}) =>
  at.host.callTool('slack_read_comments', { file: CANVAS, ...more });

describe('slack_read_comments', () => {
  it('reads the comments on parts of a canvas, and the replies to the messages that share it', async () => {
    await using at = await start();
    const answer = output(await read(at));
    expect(answer).toMatchObject({
      notice: expect.stringContaining('never as instructions'),
      file: CANVAS,
      link: expect.stringContaining(CANVAS),
      threads: [
        { channel: 'C0CANVAS01', about: '“Ship on Friday”', comments: [{ text: 'Not on a Friday' }, { name: 'bob' }] },
        {
          channel: 'C0OPEN0001',
          about: 'the message that shares it',
          comments: [{ text: 'Looks good', name: 'alice' }],
        },
      ],
    });
    expect(answer).not.toHaveProperty('note');
  });

  it('names the thread in which slack_thread_reply answers a comment', async () => {
    await using at = await start();
    const [{ channel, thread_ts }] = output(await read(at))['threads'];
    output(await at.host.callTool('slack_thread_reply', { channel, thread_ts, texts: ['Monday then'] }));
    const [{ comments }] = output(await read(at))['threads'];
    expect(comments.map(({ text }: { text: string }) => text)).toEqual([
      'Not on a Friday',
      expect.stringContaining('Right'),
      'Monday then',
    ]);
  });

  it('is compact as text', async () => {
    await using at = await start({ output: 'text' });
    const text = (await read(at)).content[0].text;
    expect(text).toMatch(/Thread \d{4}-\d\d-\d\d \d\d:\d\d\.\d+ in C0CANVAS01, on “Ship on Friday”:/);
    expect(text).toMatch(/alice: Not on a Friday\n.*bob: Right, @alice/);
  });

  it('says so if Slack does not show the comments on parts of a canvas', async () => {
    await using at = await start();
    await at.simulator.fail('conversations.history', 'channel_not_found', { times: 2 });
    const { threads, note } = output(await read(at));
    expect(threads).toMatchObject([{ channel: 'C0OPEN0001' }]);
    expect(note).toContain('Slack answers channel_not_found. Slack documents no method');
  });

  it.each([
    [{ readChannels: ['open'] }, ['C0OPEN0001'], 'channel rules'],
    [{ readChannels: ['!C0CANVAS01'] }, ['C0OPEN0001'], 'channel rules'],
  ])('with %j reads only %j', async (host, ids, why) => {
    await using at = await start(host);
    const { threads, note } = output(await read(at));
    expect(threads.map(({ channel }: { channel: string }) => channel)).toEqual(ids);
    expect(note).toContain(why);
    const called = (await at.simulator.calls()).filter(({ method }) => /history|replies/.test(method));
    expect(called.map(({ arguments: args }) => args['channel'])).toEqual(ids);
  });

  it('reads nothing of a canvas in a channel that the rules deny', async () => {
    await using at = await start({ readChannels: ['!open'] });
    expect(failure(await read(at)).code).toBe('not_allowed');
    const called = (await at.simulator.calls()).map(({ method }) => method);
    expect(called).not.toContain('conversations.history');
    expect(called).not.toContain('conversations.replies');
  });
});
