import { expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const GENERAL = 'C0GENERAL1';
const RANDOM = 'C0RANDOM01';
const OLD = 'C0ARCHIVE1';
const OUTSIDE = 'C0OUTSIDE1';

test('a channel is created, described, renamed, archived and opened again', async () => {
  const { web } = await startSlack();
  const { channel: created } = await web.conversations.create({ name: 'project-x', is_private: true });
  expect(created).toMatchObject({ name: 'project-x', is_private: true, is_member: true, creator: 'U0SIMULBOT' });
  const channel = created?.id ?? '';
  await web.conversations.setTopic({ channel, topic: 'Ships in May' });
  await web.conversations.setPurpose({ channel, purpose: 'All about X' });
  await web.conversations.rename({ channel, name: 'project-y' });
  expect((await web.conversations.info({ channel })).channel).toMatchObject({
    name: 'project-y',
    topic: { value: 'Ships in May' },
    purpose: { value: 'All about X' },
  });
  await web.conversations.archive({ channel });
  await expect(web.chat.postMessage({ channel, text: 'x' })).rejects.toMatchObject({ data: { error: 'is_archived' } });
  await web.conversations.unarchive({ channel });
  expect((await web.chat.postMessage({ channel, text: 'x' })).ok).toBe(true);
});

test('people are invited and removed, and the bot leaves', async () => {
  const { slack, web } = await startSlack();
  const channel = 'C0PRIVATE1';
  await web.conversations.invite({ channel, users: 'U0CAROL001' });
  expect((await web.conversations.members({ channel })).members).toContain('U0CAROL001');
  const [join] = (await slack.messages('leads')).slice(-1);
  expect(join).toMatchObject({ subtype: 'channel_join', user: 'U0CAROL001', inviter: 'U0SIMULBOT' });
  await web.conversations.kick({ channel, user: 'U0CAROL001' });
  expect((await web.conversations.members({ channel })).members).not.toContain('U0CAROL001');
  await web.conversations.leave({ channel });
  expect(slack.workspace.channel(channel).members).not.toContain('U0SIMULBOT');
  expect(await web.conversations.leave({ channel: OUTSIDE })).toMatchObject({ ok: true, not_in_channel: true });
  expect((await web.conversations.close({ channel: 'D0ALICE001' })).ok).toBe(true);
});

test.each([
  ['conversations.create', 'invalid_name_required', {}],
  ['conversations.create', 'invalid_name_specials', { name: 'Project X' }],
  ['conversations.create', 'invalid_name_punctuation', { name: '---' }],
  ['conversations.create', 'invalid_name_maxlength', { name: 'x'.repeat(81) }],
  ['conversations.create', 'name_taken', { name: 'random' }],
  ['conversations.archive', 'cant_archive_general', { channel: GENERAL }],
  ['conversations.archive', 'already_archived', { channel: OLD }],
  ['conversations.archive', 'not_in_channel', { channel: OUTSIDE }],
  ['conversations.unarchive', 'not_archived', { channel: RANDOM }],
  ['conversations.rename', 'not_authorized', { channel: RANDOM, name: 'chatter' }],
  ['conversations.rename', 'is_archived', { channel: OLD, name: 'older' }],
  ['conversations.setTopic', 'too_long', { channel: RANDOM, topic: 'x'.repeat(251) }],
  ['conversations.setPurpose', 'is_archived', { channel: OLD, purpose: 'x' }],
  ['conversations.setTopic', 'method_not_supported_for_channel_type', { channel: 'D0ALICE001', topic: 'x' }],
  ['conversations.invite', 'no_user', { channel: RANDOM }],
  ['conversations.invite', 'user_not_found', { channel: RANDOM, users: 'U0NOBODY00' }],
  ['conversations.invite', 'cant_invite_self', { channel: RANDOM, users: 'U0SIMULBOT' }],
  ['conversations.invite', 'already_in_channel', { channel: RANDOM, users: 'U0ALICE001' }],
  ['conversations.kick', 'cant_kick_from_general', { channel: GENERAL, user: 'U0ALICE001' }],
  ['conversations.kick', 'cant_kick_self', { channel: RANDOM, user: 'U0SIMULBOT' }],
  ['conversations.kick', 'not_in_channel', { channel: 'C0PRIVATE1', user: 'U0CAROL001' }],
  ['conversations.leave', 'cant_leave_general', { channel: GENERAL }],
  ['conversations.close', 'method_not_supported_for_channel_type', { channel: RANDOM }],
])('%s rejects with %s', async (method, error, args) => {
  const { web } = await startSlack();
  await expect(web.apiCall(method, args)).rejects.toMatchObject({ data: { error } });
});

test('topics and invitations have scopes of their own', async () => {
  const { web } = await startSlack({ scopes: ['channels:write.topic', 'groups:write.invites'] });
  expect((await web.conversations.setTopic({ channel: RANDOM, topic: 'x' })).ok).toBe(true);
  expect((await web.conversations.invite({ channel: 'C0PRIVATE1', users: 'U0CAROL001' })).ok).toBe(true);
  await expect(web.conversations.invite({ channel: RANDOM, users: 'U0CAROL001' })).rejects.toMatchObject({
    data: { error: 'missing_scope', needed: 'channels:manage' },
  });
});
