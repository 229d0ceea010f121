import type { ConversationsListResponse } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const channel = 'C0GENERAL1';

describe('conversations.list and info', () => {
  test('list the conversations that the bot can see, by type', async () => {
    const { web } = await startSlack();
    const names = async (args: object): Promise<(string | undefined)[] | undefined> =>
      (await web.conversations.list(args)).channels?.map(({ name, id }) => name ?? id);
    expect(await names({})).toEqual(['general', 'random', 'support', 'watercooler', 'old-project', 'ext-partner']);
    expect(await names({ exclude_archived: true })).not.toContain('old-project');
    expect(await names({ types: 'private_channel,im' })).toEqual(['leads', 'D0ALICE001', 'D0BOB00001']);
    await expect(names({ types: 'secret' })).rejects.toMatchObject({ data: { error: 'invalid_types' } });
  });

  test('list every conversation exactly once across pages', async () => {
    const { web } = await startSlack();
    const pages: string[][] = [];
    for await (const page of web.paginate('conversations.list', { limit: 4 })) {
      pages.push((page as ConversationsListResponse).channels?.map(({ name = '' }) => name) ?? []);
    }
    expect(pages.map((page) => page.length)).toEqual([4, 2]);
    expect(new Set(pages.flat()).size).toBe(6);
  });

  test('info shows flags, and hides conversations that the bot cannot see', async () => {
    const { slack, web } = await startSlack();
    expect((await web.conversations.info({ channel })).channel).toMatchObject({ is_general: true, is_member: true });
    const partner = await web.conversations.info({ channel: 'C0PARTNER1', include_num_members: true });
    expect(partner.channel).toMatchObject({ is_ext_shared: true, num_members: 2 });
    const dm = await web.conversations.info({ channel: 'D0BOB00001' });
    expect(dm.channel).toMatchObject({ is_im: true, user: 'U0BOB00001' });
    const hidden = await slack.createChannel('alice', 'board', { isPrivate: true });
    await expect(web.conversations.info(hidden)).rejects.toMatchObject({ data: { error: 'channel_not_found' } });
    await expect(web.conversations.history(hidden)).rejects.toMatchObject({ data: { error: 'channel_not_found' } });
  });
});

describe('conversations.history', () => {
  test('returns messages newest first, without replies, with the counts of threads', async () => {
    const { web } = await startSlack();
    const { messages, ...rest } = await web.conversations.history({ channel });
    expect(messages?.map(({ ts }) => ts)).toEqual(['1700000004.000100', '1700000001.000100', '1700000000.000100']);
    expect(messages?.[1]).toMatchObject({ reply_count: 2, reply_users_count: 2, latest_reply: '1700000003.000100' });
    expect(rest).toMatchObject({ ok: true, has_more: false, pin_count: 0, channel_actions_ts: null });
    expect(rest.response_metadata).not.toHaveProperty('next_cursor');
  });

  test("returns every message exactly once across pages, with cursors in Slack's format", async () => {
    const { slack, web } = await startSlack();
    for (let n = 0; n < 25; n += 1) await slack.postMessage('alice', 'random', `message ${n}`);
    const texts: (string | undefined)[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await web.conversations.history({ channel: 'C0RANDOM01', limit: 10, ...(cursor ? { cursor } : {}) });
      texts.push(...(page.messages ?? []).map(({ text }) => text));
      cursor = page.response_metadata?.next_cursor;
      expect(page.has_more).toBe(cursor !== undefined);
      if (cursor) expect(Buffer.from(cursor, 'base64').toString()).toMatch(/^next_ts:\d{16}$/);
      pages += 1;
    } while (cursor);
    expect(pages).toBe(3);
    expect(texts).toEqual([...Array.from({ length: 25 }, (_, n) => `message ${24 - n}`), 'Lunch at noon?']);
  });

  test('respects oldest and latest, inclusive or not', async () => {
    const { web } = await startSlack();
    const timestamps = async (args: object): Promise<(string | undefined)[] | undefined> =>
      (await web.conversations.history({ channel, ...args })).messages?.map(({ ts }) => ts?.slice(9, 10));
    const window = { oldest: '1700000000.000100', latest: '1700000004.000100' };
    expect(await timestamps(window)).toEqual(['1']);
    expect(await timestamps({ ...window, inclusive: true })).toEqual(['4', '1', '0']);
    expect(await timestamps({ oldest: '1700000001' })).toEqual(['4', '1']);
    expect(await timestamps({ latest: '1700000001.0001' })).toEqual(['0']);
    const wrong = web.conversations.history({ channel, oldest: 'yesterday' });
    await expect(wrong).rejects.toMatchObject({ data: { error: 'invalid_ts_oldest' } });
  });

  test('requires membership', async () => {
    const { web } = await startSlack();
    const outside = { channel: 'C0OUTSIDE1' };
    await expect(web.conversations.history(outside)).rejects.toMatchObject({ data: { error: 'not_in_channel' } });
    expect((await web.conversations.join(outside)).channel).toMatchObject({ id: 'C0OUTSIDE1', is_member: true });
    expect((await web.conversations.history(outside)).messages).toMatchObject([{ subtype: 'channel_join' }]);
  });
});

describe('conversations.replies', () => {
  test('returns a thread by its parent, oldest first', async () => {
    const { web } = await startSlack();
    const { messages } = await web.conversations.replies({ channel, ts: '1700000001.000100' });
    expect(messages?.map((message) => message.ts)).toEqual([
      '1700000001.000100',
      '1700000002.000100',
      '1700000003.000100',
    ]);
    const single = await web.conversations.replies({ channel, ts: '1700000000.000100' });
    expect(single.messages).toHaveLength(1);
  });

  test('returns pages, and rejects an unknown thread', async () => {
    const { web } = await startSlack();
    const ts = '1700000001.000100';
    const first = await web.conversations.replies({ channel, ts, limit: 1 });
    expect(first).toMatchObject({ has_more: true, messages: [{ ts }, { ts: '1700000002.000100' }] });
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await web.conversations.replies({ channel, ts, limit: 1, cursor });
    expect(second).toMatchObject({ has_more: false, messages: [{ ts }, { ts: '1700000003.000100' }] });
    const unknown = web.conversations.replies({ channel, ts: '1600000000.000000' });
    await expect(unknown).rejects.toMatchObject({ data: { error: 'thread_not_found' } });
  });
});

describe('members, join and open', () => {
  test('returns members in pages', async () => {
    const { web } = await startSlack();
    const first = await web.conversations.members({ channel, limit: 3 });
    expect(first.members).toEqual(['U0ALICE001', 'U0BOB00001', 'U0CAROL001']);
    const cursor = first.response_metadata?.next_cursor ?? '';
    expect((await web.conversations.members({ channel, cursor })).members).toEqual(['U0SIMULBOT']);
  });

  test('warns when the bot joins twice, and rejects private and archived channels', async () => {
    const { slack, web } = await startSlack();
    expect(await web.conversations.join({ channel })).toMatchObject({ ok: true, warning: 'already_in_channel' });
    await expect(web.conversations.join({ channel: 'C0PRIVATE1' })).rejects.toMatchObject({
      data: { error: 'method_not_supported_for_channel_type' },
    });
    const { channel: archived } = await slack.createChannel('alice', 'closed');
    slack.workspace.channel(archived).isArchived = true;
    await expect(web.conversations.join({ channel: archived })).rejects.toMatchObject({
      data: { error: 'is_archived' },
    });
  });

  test('opens existing or new direct messages with one or several users', async () => {
    const { web } = await startSlack();
    expect(await web.conversations.open({ users: 'U0ALICE001' })).toMatchObject({
      no_op: true,
      already_open: true,
      channel: { id: 'D0ALICE001' },
    });
    const group = await web.conversations.open({ users: 'U0ALICE001,U0BOB00001', return_im: true });
    expect(group.channel).toMatchObject({ is_mpim: true });
    expect(group).not.toHaveProperty('already_open');
    await expect(web.apiCall('conversations.open')).rejects.toMatchObject({
      data: { error: 'users_list_not_supplied' },
    });
    await expect(web.conversations.open({ users: 'U0NOBODY00' })).rejects.toMatchObject({
      data: { error: 'user_not_found' },
    });
  });
});
