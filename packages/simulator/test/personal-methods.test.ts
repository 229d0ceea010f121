import { WebClient } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const GENERAL = 'C0GENERAL1';
const message = { channel: GENERAL, timestamp: '1700000000.000100' };

async function startPerson() {
  const { slack, web: bot } = await startSlack({ userToken: 'xoxp-simulator' });
  const web = new WebClient('xoxp-simulator', { slackApiUrl: slack.url, retryConfig: { retries: 0 } });
  return { slack, bot, web };
}

describe('reminders', () => {
  test('are added, listed, completed and deleted', async () => {
    const { slack, web } = await startPerson();
    const { reminder } = await web.reminders.add({ text: 'Call Bob', time: 'in 20 minutes' });
    const left = (reminder?.time ?? 0) - slack.workspace.clock.seconds();
    expect(left).toBeGreaterThan(1_190);
    expect(left).toBeLessThanOrEqual(1_200);
    const id = reminder?.id ?? '';
    await web.reminders.complete({ reminder: id });
    expect((await web.reminders.info({ reminder: id })).reminder?.complete_ts).toBeGreaterThan(0);
    expect((await web.reminders.list()).reminders).toMatchObject([{ id, text: 'Call Bob', user: 'U0ALICE001' }]);
    await web.reminders.delete({ reminder: id });
    expect((await web.reminders.list()).reminders).toEqual([]);
  });

  test.each([
    ['reminders.add', 'missing_argument', { text: 'x' }],
    ['reminders.add', 'cannot_parse', { text: 'x', time: 'soon' }],
    ['reminders.info', 'not_found', { reminder: 'Rm000' }],
    ['reminders.delete', 'not_found', { reminder: 'Rm000' }],
  ])('%s rejects with %s', async (method, error, args) => {
    const { web } = await startPerson();
    await expect(web.apiCall(method, args)).rejects.toMatchObject({ data: { error } });
  });
});

describe('saved items', () => {
  test('are messages, files and channels, newest first', async () => {
    const { slack, web } = await startPerson();
    const created = slack.workspace.clock.seconds();
    const { id: file } = slack.workspace.uploads.files.add({
      ...{ id: 'F0NOTES001', name: 'notes.txt', content: 'x', user: 'U0ALICE001', created },
    });
    await web.stars.add(message);
    await web.stars.add({ file });
    await web.stars.add({ channel: GENERAL });
    const { items, paging } = await web.stars.list({ count: 2 });
    expect(items).toMatchObject([
      { type: 'channel', channel: GENERAL },
      { type: 'file', file: { id: file } },
    ]);
    expect(paging).toEqual({ count: 2, total: 3, page: 1, pages: 2 });
    await web.stars.remove({ file });
    expect((await web.stars.list({})).items?.map(({ type }) => type)).toEqual(['channel', 'message']);
  });

  test.each([
    ['stars.add', 'no_item_specified', {}],
    ['stars.add', 'message_not_found', { channel: GENERAL, timestamp: '1600000000.000000' }],
    ['stars.add', 'file_not_found', { file: 'F0NOSUCH00' }],
    ['stars.remove', 'not_starred', message],
  ])('%s rejects with %s', async (method, error, args) => {
    const { web } = await startPerson();
    await expect(web.apiCall(method, args)).rejects.toMatchObject({ data: { error } });
  });
});

describe('Do Not Disturb', () => {
  test('is paused and resumed by the person, and others do not see it', async () => {
    const { bot, web } = await startPerson();
    expect(await web.dnd.setSnooze({ num_minutes: 30 })).toMatchObject({ snooze_enabled: true });
    expect(await web.dnd.info({})).toMatchObject({ dnd_enabled: false, snooze_enabled: true });
    expect(await bot.dnd.info({ user: 'U0ALICE001' })).not.toHaveProperty('snooze_enabled');
    expect((await bot.dnd.teamInfo({ users: 'U0ALICE001,U0BOB00001' })).users).toHaveProperty('U0BOB00001');
    expect(await web.dnd.endSnooze()).toMatchObject({ snooze_enabled: false });
    await expect(web.dnd.endDnd()).rejects.toMatchObject({ data: { error: 'not_in_dnd' } });
    await expect(web.apiCall('dnd.setSnooze')).rejects.toMatchObject({ data: { error: 'missing_duration' } });
  });
});

describe('profiles', () => {
  test('show a status that the person sets', async () => {
    const { bot, web } = await startPerson();
    const profile = { status_text: 'On holiday', status_emoji: ':palm_tree:', status_expiration: 0 };
    expect((await web.users.profile.set({ profile })).profile).toMatchObject(profile);
    expect((await bot.users.profile.get({ user: 'U0ALICE001' })).profile).toMatchObject(profile);
    await web.users.profile.set({ name: 'title', value: 'Editor' });
    expect((await bot.users.info({ user: 'U0ALICE001' })).user?.profile).toMatchObject({ title: 'Editor', ...profile });
    const long = web.users.profile.set({ profile: { status_text: 'x'.repeat(101) } });
    await expect(long).rejects.toMatchObject({ data: { error: 'too_long' } });
    const other = web.users.profile.set({ user: 'U0BOB00001', profile });
    await expect(other).rejects.toMatchObject({ data: { error: 'not_admin' } });
    await expect(bot.users.profile.get({ user: 'U0NOBODY00' })).rejects.toMatchObject({
      data: { error: 'user_not_found' },
    });
  });

  test('have a presence', async () => {
    const { bot, web } = await startPerson();
    await web.users.setPresence({ presence: 'away' });
    expect(await bot.users.getPresence({ user: 'U0ALICE001' })).toMatchObject({ presence: 'away' });
    await expect(web.apiCall('users.setPresence', { presence: 'busy' })).rejects.toMatchObject({
      data: { error: 'invalid_presence' },
    });
  });

  test('of bots are found by the id of the bot', async () => {
    const { bot } = await startPerson();
    expect((await bot.bots.info({ bot: 'B0SIMULATR' })).bot).toMatchObject({ user_id: 'U0SIMULBOT' });
    await expect(bot.bots.info({ bot: 'B0NOSUCH00' })).rejects.toMatchObject({ data: { error: 'bot_not_found' } });
  });
});

describe('lists', () => {
  test('reactions.list returns the messages to which a user reacted, newest first', async () => {
    const { web } = await startPerson();
    const { items, paging } = await web.reactions.list({ user: 'U0BOB00001' });
    expect(items).toMatchObject([{ type: 'message', channel: GENERAL, message: { ts: message.timestamp } }]);
    expect(paging).toMatchObject({ total: 1, pages: 1 });
    await expect(web.reactions.list({ user: 'U0NOBODY00' })).rejects.toMatchObject({
      data: { error: 'user_not_found' },
    });
  });

  test('files.list filters files, and only the owner deletes them', async () => {
    const { slack, bot, web } = await startPerson();
    const { files } = slack.workspace.uploads;
    files.add({ id: 'F0ALICE001', name: 'a.png', content: 'x', user: 'U0ALICE001', created: 1_700_000_001 });
    const shared = files.add({ id: 'F0BOB00001', name: 'b.csv', content: 'x', user: 'U0BOB00001', created: 1 });
    shared.shares.push({ channel: GENERAL, ts: message.timestamp });
    const list = async (args: object) => (await web.files.list(args)).files?.map(({ id }) => id);
    expect(await list({})).toEqual(['F0ALICE001', 'F0BOB00001']);
    expect(await list({ types: 'images' })).toEqual(['F0ALICE001']);
    expect(await list({ channel: GENERAL, user: 'U0BOB00001' })).toEqual(['F0BOB00001']);
    expect(await list({ ts_from: '1700000000' })).toEqual(['F0ALICE001']);
    await expect(web.files.list({ types: 'songs' })).rejects.toMatchObject({ data: { error: 'unknown_type' } });
    await expect(web.files.delete({ file: 'F0BOB00001' })).rejects.toMatchObject({
      data: { error: 'cant_delete_file' },
    });
    await web.files.delete({ file: 'F0ALICE001' });
    await expect(bot.files.info({ file: 'F0ALICE001' })).rejects.toMatchObject({ data: { error: 'file_not_found' } });
  });
});

test('chat.meMessage posts with its own subtype', async () => {
  const { slack, web } = await startPerson();
  await web.chat.meMessage({ channel: GENERAL, text: 'waves' });
  expect((await slack.messages(GENERAL)).at(-1)).toMatchObject({ subtype: 'me_message', text: 'waves' });
});

test('a bot cannot call the methods of a person', async () => {
  const { bot } = await startPerson();
  for (const method of ['reminders.list', 'stars.list', 'dnd.setSnooze', 'users.profile.set']) {
    await expect(bot.apiCall(method)).rejects.toMatchObject({ data: { error: 'not_allowed_token_type' } });
  }
});
