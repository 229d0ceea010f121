import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../../src/tools/confirm.ts';
import { startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import { failure, output } from '../../support/results.ts';

const GENERAL = 'C0GENERAL1';

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;
const start = (host: object = {}, simulator: object = {}) =>
  startWorkspace({ host: { toolsets: ['scheduling'], ...host }, simulator });
const schedule = (at: TestWorkspace, args: object = {}) =>
  at.host.callTool('slack_schedule_message', {
    channel: 'general',
    text: 'Stand-up in 5 minutes',
    post_at: inSeconds(3_600),
    ...args,
  });
const list = async (at: TestWorkspace, args: object = {}) =>
  output(await at.host.callTool('slack_list_scheduled_messages', args));
const texts = async (at: TestWorkspace) => (await list(at))['scheduled'].map(({ text }: { text: string }) => text);

describe('slack_schedule_message', () => {
  it('schedules a message, and shows its time', async () => {
    await using at = await start();
    const post_at = inSeconds(3_600);
    const done = output(await schedule(at, { post_at: new Date(post_at * 1_000).toISOString() }));
    expect(done).toEqual({
      channel: GENERAL,
      scheduled_message_id: expect.stringMatching(/^Q/),
      post_at,
      time: expect.stringContaining(new Date(post_at * 1_000).toISOString().slice(0, 10)),
    });
    expect((await list(at))['scheduled']).toMatchObject([{ ...done, text: 'Stand-up in 5 minutes' }]);
    expect((await at.simulator.messages(GENERAL)).map(({ text }) => text)).not.toContain('Stand-up in 5 minutes');
  });

  it('posts at its time, in the thread, without previews of links', async () => {
    await using at = await start({}, { timeScale: 3_600 });
    const thread_ts = '1700000000.000100';
    output(await schedule(at, { text: 'See <https://example.com>', thread_ts }));
    const posted = async () => (await at.simulator.messages(GENERAL)).at(-1);
    await expect.poll(posted, { timeout: 20_000 }).toMatchObject({ text: 'See <https://example.com>', thread_ts });
    expect(await posted()).toMatchObject({ unfurl_links: false, unfurl_media: false });
  });

  it('shows a preview with its time, and schedules nothing', async () => {
    await using at = await start();
    const shown = output(await schedule(at, { text: '<!here> now', preview: true }));
    expect(shown).toMatchObject({ would_post: ['@here now'], post_at: expect.any(Number), time: expect.any(String) });
    expect(shown).not.toHaveProperty('scheduled_message_id');
    expect(await texts(at)).toEqual([]);
  });

  it('keeps mentions of a whole channel from notifying', async () => {
    await using at = await start();
    expect(output(await schedule(at, { text: '<!channel> hi' }))['notice']).toContain('SLACK_MCP_ALLOW_BROADCAST');
    expect((await at.simulator.calls('chat.scheduleMessage'))[0]?.arguments).toMatchObject({
      text: '@\u2060channel hi',
    });
  });

  it('schedules once per idempotency key', async () => {
    await using at = await start();
    const args = { post_at: inSeconds(3_600), idempotency_key: 'k' };
    const results = await Promise.all(Array.from({ length: 5 }, () => schedule(at, args)));
    expect(new Set(results.map((result) => output(result)['scheduled_message_id'])).size).toBe(1);
    expect(await at.simulator.calls('chat.scheduleMessage')).toHaveLength(1);
    expect(failure(await schedule(at, { ...args, post_at: inSeconds(7_200) })).code).toBe('idempotency_key_reused');
    const post = { channel: GENERAL, text: 'Stand-up in 5 minutes', idempotency_key: 'k' };
    expect(failure(await at.host.callTool('slack_post_message', post)).code).toBe('idempotency_key_reused');
  });

  it.each([
    ['time_in_past', { post_at: '2020-01-01T09:00:00Z' }, /later/],
    ['time_too_far', { post_at: inSeconds(121 * 86_400) }, /120 days/],
    ['channel_not_found', { channel: 'C0NOWHERE9' }, /Check the channel/],
    ['not_in_channel', { channel: 'watercooler' }, /Invite the bot/],
  ])('says what to do about %s', async (slack_error, args, advice) => {
    await using at = await start();
    const failed = failure(await schedule(at, args));
    expect(failed).toMatchObject({ code: 'slack_error', details: { slack_error } });
    expect(failed.text).toMatch(advice);
  });

  it.each([{ post_at: 'tomorrow' }, { post_at: '2026-12-01T09:00:00' }, { text: 'x'.repeat(4_001) }, { text: '' }])(
    'refuses %j without a call to Slack',
    async (args) => {
      await using at = await start();
      expect(failure(await schedule(at, args)).code).toBe('invalid_arguments');
      expect(await at.simulator.calls()).toEqual([]);
    },
  );
});

describe('slack_list_scheduled_messages', () => {
  it('lists one channel or all, with the next one first, in pages', async () => {
    await using at = await start();
    output(await schedule(at, { text: 'second', post_at: inSeconds(7_200) }));
    output(await schedule(at, { text: 'first', channel: 'random' }));
    expect(await texts(at)).toEqual(['first', 'second']);
    expect((await list(at, { channel: '#general' }))['scheduled']).toMatchObject([{ text: 'second' }]);
    const page = await list(at, { limit: 1 });
    expect(page['scheduled']).toMatchObject([{ text: 'first' }]);
    const rest = await list(at, { cursor: page['next_cursor'] });
    expect(rest['scheduled']).toMatchObject([{ text: 'second' }]);
    expect(rest).not.toHaveProperty('next_cursor');
  });

  it('omits messages in channels that may not be read, and says so', async () => {
    await using at = await start({ readChannels: ['!random'] });
    output(await schedule(at, { text: 'open' }));
    output(await schedule(at, { text: 'hidden', channel: 'random' }));
    const shown = await list(at);
    expect(shown['scheduled']).toMatchObject([{ text: 'open' }]);
    expect(shown['truncated']).toContain('1 messages are in channels that may not be read');
    expect(JSON.stringify(shown)).not.toContain('hidden');
  });

  it('fits into one answer', async () => {
    await using at = await start();
    for (let index = 0; index < 25; index += 1) {
      output(await schedule(at, { text: 'x'.repeat(4_000), post_at: inSeconds(3_600 + 60 * index) }));
    }
    const result = await at.host.callTool('slack_list_scheduled_messages', {});
    expect(result.content[0]?.text.length).toBeLessThan(50_000);
    expect(output(result)['truncated']).toMatch(/of 25 messages/);
  });
});

describe('slack_cancel_scheduled_message', () => {
  const cancel = (at: TestWorkspace, args: object, ask?: (question: string) => Promise<Answer>) =>
    at.host.callTool('slack_cancel_scheduled_message', { channel: GENERAL, ...args }, { ask });

  it('cancels, after the person saw text and time', async () => {
    await using at = await start();
    const { scheduled_message_id, time } = output(await schedule(at));
    const questions: string[] = [];
    const ask = (answer: Answer) => async (question: string) => {
      questions.push(question);
      return answer;
    };
    expect(failure(await cancel(at, { scheduled_message_id }, ask('declined'))).code).toBe('declined');
    expect(await texts(at)).toHaveLength(1);
    output(await cancel(at, { scheduled_message_id }, ask('accepted')));
    expect(await texts(at)).toEqual([]);
    expect(questions[0]).toContain('Stand-up in 5 minutes');
    expect(questions[0]).toContain(time);
  });

  it('cancels at once if the client cannot ask', async () => {
    await using at = await start();
    const { scheduled_message_id } = output(await schedule(at));
    output(await cancel(at, { scheduled_message_id }));
    expect(await at.simulator.calls('chat.scheduledMessages.list')).toEqual([]);
    expect(await texts(at)).toEqual([]);
  });

  it('says what to check about an unknown id', async () => {
    await using at = await start();
    const failed = failure(await cancel(at, { scheduled_message_id: 'Q404' }, async () => 'accepted'));
    expect(failed).toMatchObject({ details: { slack_error: 'invalid_scheduled_message_id' } });
    expect(failed.text).toContain('slack_list_scheduled_messages');
  });
});
