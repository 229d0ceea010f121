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
