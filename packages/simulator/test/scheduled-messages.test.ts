import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const channel = 'C0GENERAL1';
const soon = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

describe('scheduled messages', () => {
  test('are listed with the next one first, filtered and in pages', async () => {
    const { web } = await startSlack();
    const later = await web.chat.scheduleMessage({ channel, text: 'later', post_at: soon(7_200) });
    const sooner = await web.chat.scheduleMessage({ channel: '#random', text: 'sooner', post_at: soon(3_600) });
    expect(later).toMatchObject({
      channel,
      scheduled_message_id: expect.stringMatching(/^Q/),
      message: { text: 'later' },
    });
    const first = await web.chat.scheduledMessages.list({ limit: 1 });
    expect(first.scheduled_messages).toEqual([
      {
        id: sooner.scheduled_message_id,
        channel_id: 'C0RANDOM01',
        post_at: sooner.post_at,
        date_created: expect.any(Number),
        text: 'sooner',
      },
    ]);
    const cursor = first.response_metadata?.next_cursor ?? '';
    expect((await web.chat.scheduledMessages.list({ cursor })).scheduled_messages).toMatchObject([{ text: 'later' }]);
    const { scheduled_messages: here } = await web.chat.scheduledMessages.list({ channel });
    expect(here).toMatchObject([{ text: 'later' }]);
    const { scheduled_messages: none } = await web.chat.scheduledMessages.list({ latest: String(soon(60)) });
    expect(none).toEqual([]);
  });

  test('are posted when their time comes on the clock of the workspace', async () => {
    const { slack, web } = await startSlack({ timeScale: 3_600 });
    await web.chat.scheduleMessage({ channel, text: 'at last', post_at: soon(3_600) });
    await expect.poll(async () => (await slack.messages(channel)).at(-1)?.text, { timeout: 20_000 }).toBe('at last');
    expect((await web.chat.scheduledMessages.list({})).scheduled_messages).toEqual([]);
  });

  test('are deleted, but not in another channel and not within 60 seconds of their time', async () => {
    const { web } = await startSlack();
    const { scheduled_message_id: id = '' } = await web.chat.scheduleMessage({
      channel,
      text: 'x',
      post_at: soon(600),
    });
    const refused = { data: { error: 'invalid_scheduled_message_id' } };
    const remove = (args: object) => web.apiCall('chat.deleteScheduledMessage', { channel, ...args });
    await expect(remove({ channel: 'C0RANDOM01', scheduled_message_id: id })).rejects.toMatchObject(refused);
    expect(await remove({ scheduled_message_id: id })).toMatchObject({ ok: true });
    await expect(remove({ scheduled_message_id: id })).rejects.toMatchObject(refused);
    const near = await web.chat.scheduleMessage({ channel, text: 'y', post_at: soon(50) });
    await expect(remove({ scheduled_message_id: near.scheduled_message_id })).rejects.toMatchObject(refused);
  });

  test.each([
    ['invalid_time', { post_at: 'tomorrow' }],
    ['invalid_time', { post_at: undefined }],
    ['time_in_past', { post_at: 1_700_000_000 }],
    ['time_too_far', { post_at: soon(121 * 86_400) }],
    ['no_text', { text: '' }],
    ['channel_not_found', { channel: 'C0NOSUCH00' }],
    ['not_in_channel', { channel: 'C0OUTSIDE1' }],
    ['is_archived', { channel: 'C0ARCHIVE1' }],
  ])('are refused with %s', async (error, args) => {
    const { web } = await startSlack();
    const call = web.apiCall('chat.scheduleMessage', { channel, text: 'x', post_at: soon(600), ...args });
    await expect(call).rejects.toMatchObject({ data: { error } });
    expect((await web.chat.scheduledMessages.list({})).scheduled_messages).toEqual([]);
  });

  test('are at most 30 in 5 minutes of a channel', async () => {
    const { web } = await startSlack();
    const at = soon(600);
    const schedule = (post_at: number, where = channel) =>
      web.apiCall('chat.scheduleMessage', { channel: where, text: 'x', post_at });
    for (let index = 0; index < 30; index += 1) await schedule(at + index);
    const refused = { data: { error: 'restricted_too_many' } };
    await expect(schedule(at + 299)).rejects.toMatchObject(refused);
    await expect(schedule(at)).rejects.toMatchObject(refused);
    expect(await schedule(at + 330)).toMatchObject({ ok: true });
    expect(await schedule(at, 'C0RANDOM01')).toMatchObject({ ok: true });
  });

  test('need a channel that exists in a list', async () => {
    const { web } = await startSlack();
    const call = web.chat.scheduledMessages.list({ channel: 'C0NOSUCH00' });
    await expect(call).rejects.toMatchObject({ data: { error: 'invalid_channel' } });
  });
});
