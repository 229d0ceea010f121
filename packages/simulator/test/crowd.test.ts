import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const LARGE = { seed: { crowd: { users: 250_000, channels: 50_000 } } };

describe('a large workspace', () => {
  test('lists its members and channels in pages, after those of the seed', async () => {
    const { web } = await startSlack({ seed: { crowd: { users: 2_500, channels: 1_500 } } });
    const users: unknown[] = [];
    for await (const page of web.paginate('users.list', { limit: 999 })) {
      users.push(...((page as { members?: { name?: string }[] }).members ?? []).map(({ name }) => name));
    }
    expect(users).toHaveLength(2_505);
    expect(new Set(users).size).toBe(2_505);
    expect(users.at(-1)).toBe('member-2499');
    const channels: unknown[] = [];
    for await (const page of web.paginate('conversations.list', {
      limit: 999,
      types: 'public_channel,private_channel',
    })) {
      channels.push(...((page as { channels?: { name?: string }[] }).channels ?? []).map(({ name }) => name));
    }
    expect(channels).toHaveLength(1_507);
    expect(channels.slice(-2)).toEqual(['channel-1498', 'channel-1499']);
    const { channels: direct } = await web.conversations.list({ types: 'im', limit: 999 });
    expect(direct).toHaveLength(2);
  });

  test('finds each generated item by id, and none outside the range', async () => {
    const { slack, web } = await startSlack(LARGE);
    const info = await web.conversations.info({ channel: 'CX00049999' });
    expect(info.channel).toMatchObject({ name: 'channel-49999', is_member: false });
    expect((await web.users.info({ user: 'UX00249999' })).user).toMatchObject({ name: 'member-249999' });
    await expect(web.users.info({ user: 'UX00250000' })).rejects.toThrow('user_not_found');
    await expect(web.users.info({ user: 'member-1' })).rejects.toThrow('user_not_found');
    await expect(web.conversations.info({ channel: 'CX00050000' })).rejects.toThrow('channel_not_found');
    await expect(web.chat.postMessage({ channel: 'CX00000001', text: 'Hello' })).rejects.toThrow('not_in_channel');
    expect((await slack.state()).channels).toHaveLength(9);
  });

  test('starts a page anywhere without delay', async () => {
    const { web } = await startSlack(LARGE);
    const cursor = Buffer.from('user:UX00249998').toString('base64');
    const { members, response_metadata: metadata } = await web.users.list({ cursor, limit: 10 });
    expect(members?.map(({ id }) => id)).toEqual(['UX00249998', 'UX00249999']);
    expect(metadata?.next_cursor).toBe('');
    const beyond = Buffer.from('user:UX00250000').toString('base64');
    await expect(web.users.list({ cursor: beyond, limit: 10 })).rejects.toThrow('invalid_cursor');
  });
});
