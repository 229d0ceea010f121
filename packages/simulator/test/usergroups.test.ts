import { expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const OFF = { id: 'S0RETIRED1', handle: 'retired', name: 'Retired', isDisabled: true };
const ON = { id: 'S0SUPPORT1', handle: 'support-team', name: 'Support', users: ['U0BOB00001', 'U0CAROL001'] };

test('usergroups.list returns enabled groups, and their members only on request', async () => {
  const { web } = await startSlack({ seed: { userGroups: [ON, OFF] } });
  const { usergroups } = await web.usergroups.list();
  expect(usergroups?.map(({ id }) => id)).toEqual([ON.id]);
  expect(usergroups?.[0]).not.toHaveProperty('users');
  const all = await web.usergroups.list({ include_disabled: true, include_users: true, include_count: true });
  expect(all.usergroups).toMatchObject([
    { handle: 'support-team', users: ON.users, user_count: 2 },
    { handle: 'retired', users: [], user_count: 0 },
  ]);
});

test('usergroups.list needs its scope', async () => {
  const { web } = await startSlack({ scopes: ['users:read'] });
  await expect(web.usergroups.list()).rejects.toMatchObject({
    data: { error: 'missing_scope', needed: 'usergroups:read' },
  });
});

test('usergroups.users.list returns the members of an enabled group', async () => {
  const { web } = await startSlack({ seed: { userGroups: [ON, OFF] } });
  expect((await web.usergroups.users.list({ usergroup: ON.id })).users).toEqual(ON.users);
  await expect(web.usergroups.users.list({ usergroup: OFF.id })).rejects.toMatchObject({
    data: { error: 'no_such_subteam' },
  });
  expect((await web.usergroups.users.list({ usergroup: OFF.id, include_disabled: true })).users).toEqual([]);
});

test('user groups are created, changed, filled, disabled and enabled', async () => {
  const { web } = await startSlack({ seed: { userGroups: [ON] } });
  const { usergroup } = await web.usergroups.create({ name: 'Night shift', description: 'After six' });
  expect(usergroup).toMatchObject({ handle: 'night-shift', description: 'After six' });
  const group = usergroup?.id ?? '';
  await web.usergroups.users.update({ usergroup: group, users: 'U0ALICE001,U0BOB00001' });
  expect((await web.usergroups.users.list({ usergroup: group })).users).toEqual(['U0ALICE001', 'U0BOB00001']);
  await web.usergroups.update({ usergroup: group, handle: 'nights' });
  await web.usergroups.disable({ usergroup: group });
  expect((await web.usergroups.list()).usergroups?.map(({ id }) => id)).toEqual([ON.id]);
  await web.usergroups.enable({ usergroup: group });
  expect((await web.usergroups.list()).usergroups?.[1]).toMatchObject({ id: group, handle: 'nights' });
});

test.each([
  ['usergroups.create', 'missing_subteam_name', {}],
  ['usergroups.create', 'name_already_exists', { name: 'Support' }],
  ['usergroups.create', 'handle_already_exists', { name: 'Other', handle: 'support-team' }],
  ['usergroups.update', 'missing_argument', {}],
  ['usergroups.users.update', 'no_users_provided', { usergroup: ON.id }],
  ['usergroups.users.update', 'invalid_users', { usergroup: ON.id, users: 'U0NOBODY00' }],
])('%s rejects with %s', async (method, error, args) => {
  const { web } = await startSlack({ seed: { userGroups: [ON] } });
  await expect(web.apiCall(method, args)).rejects.toMatchObject({ data: { error } });
});
