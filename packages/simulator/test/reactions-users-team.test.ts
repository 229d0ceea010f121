import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const item = { channel: 'C0GENERAL1', timestamp: '1700000000.000100' };

describe('reactions', () => {
  test('are added, shown and removed', async () => {
    const { web } = await startSlack();
    await web.reactions.add({ ...item, name: 'wave' });
    await web.reactions.add({ ...item, name: 'partyparrot' });
    await web.reactions.add({ ...item, name: 'thumbsup::skin-tone-3' });
    const { message, ...rest } = await web.reactions.get(item);
    expect(rest).toMatchObject({ type: 'message', channel: item.channel });
    expect(message).toMatchObject({
      permalink: 'https://simulator.slack.com/archives/C0GENERAL1/p1700000000000100',
      reactions: [
        { name: 'wave', users: ['U0BOB00001', 'U0CAROL001', 'U0SIMULBOT'], count: 3 },
        { name: 'partyparrot', count: 1 },
        { name: '+1::skin-tone-3', count: 1 },
      ],
    });
    await web.reactions.remove({ ...item, name: 'partyparrot' });
    const gone = web.reactions.remove({ ...item, name: 'partyparrot' });
    await expect(gone).rejects.toMatchObject({ data: { error: 'no_reaction' } });
    expect((await web.reactions.get(item)).message?.reactions).toHaveLength(2);
  });

  test.each([
    ['invalid_name', { ...item, name: 'no_such_emoji' }],
    ['invalid_name', { ...item }],
    ['message_not_found', { ...item, timestamp: '1600000000.000000', name: 'wave' }],
    ['bad_timestamp', { ...item, timestamp: 'now', name: 'wave' }],
    ['no_item_specified', { name: 'wave' }],
    ['channel_not_found', { ...item, channel: 'C0NOSUCH00', name: 'wave' }],
    ['not_in_channel', { ...item, channel: 'C0OUTSIDE1', name: 'wave' }],
    ['is_archived', { ...item, channel: 'C0ARCHIVE1', name: 'wave' }],
  ])('reject with %s', async (error, args) => {
    const { web } = await startSlack();
    await expect(web.apiCall('reactions.add', args)).rejects.toMatchObject({ data: { error } });
  });

  test('reject a second reaction with already_reacted', async () => {
    const { web } = await startSlack();
    await web.reactions.add({ ...item, name: 'tada' });
    await expect(web.reactions.add({ ...item, name: 'tada' })).rejects.toMatchObject({
      data: { error: 'already_reacted' },
    });
  });
});

test('emoji.list returns custom emoji and aliases', async () => {
  const { web } = await startSlack();
  const { emoji } = await web.emoji.list();
  expect(emoji).toMatchObject({ squirrel: 'alias:shipit', shipit: expect.stringMatching(/^https:/) });
});

describe('users and team', () => {
  test('are listed in pages', async () => {
    const { web } = await startSlack();
    const all = await web.users.list({});
    expect(all.members?.map(({ name }) => name)).toEqual(['alice', 'bob', 'carol', 'dave', 'simulator']);
    const first = await web.users.list({ limit: 3 });
    const rest = await web.users.list({ limit: 3, cursor: first.response_metadata?.next_cursor ?? '' });
    expect([first.members?.length, rest.members?.length]).toEqual([3, 2]);
    expect(rest.response_metadata?.next_cursor).toBe('');
  });

  test('are found by id and by email', async () => {
    const { web } = await startSlack();
    expect((await web.users.info({ user: 'U0BOB00001' })).user).toMatchObject({
      name: 'bob',
      real_name: 'Bob Example',
    });
    expect((await web.users.lookupByEmail({ email: 'Carol@example.com' })).user?.id).toBe('U0CAROL001');
    await expect(web.users.info({ user: 'U0NOBODY00' })).rejects.toMatchObject({ data: { error: 'user_not_found' } });
    await expect(web.users.lookupByEmail({ email: 'dave@example.com' })).rejects.toMatchObject({
      data: { error: 'users_not_found' },
    });
  });

  test('team.info returns the team', async () => {
    const { web } = await startSlack({ seed: { team: { name: 'Another' } } });
    expect((await web.team.info()).team).toMatchObject({ id: 'T0SIMULATR', name: 'Another', domain: 'simulator' });
  });
});
