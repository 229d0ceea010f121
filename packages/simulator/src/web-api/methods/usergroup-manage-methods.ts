import { refuse } from '../../slack-api-error.ts';
import type { UserGroup } from '../../workspace/model.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';
import { renderUserGroup } from './usergroup-methods.ts';

/** Methods that change user groups. Slack documents them at https://docs.slack.dev/reference/methods. */
export const usergroupManageMethods: Readonly<Record<string, Method>> = {
  'usergroups.create': method((call) => {
    const name = call.text('name') ?? refuse('missing_subteam_name');
    const handle = call.text('handle') ?? name.toLowerCase().replaceAll(/\s+/g, '-');
    const group: UserGroup = {
      id: call.workspace.newId('S'),
      name,
      handle,
      description: call.text('description') ?? '',
      users: [],
      isDisabled: false,
    };
    checkUnique(call, group);
    call.workspace.userGroups.push(group);
    return { usergroup: renderUserGroup(call, group) };
  }),
  'usergroups.update': changing((call, group) => ({
    ...group,
    name: call.text('name') ?? group.name,
    handle: call.text('handle') ?? group.handle,
    description: call.text('description') ?? group.description,
  })),
  'usergroups.enable': changing((_call, group) => ({ ...group, isDisabled: false })),
  'usergroups.disable': changing((_call, group) => ({ ...group, isDisabled: true })),
  'usergroups.users.update': changing((call, group) => {
    const users = (call.text('users') ?? refuse('no_users_provided')).split(',').map((id) => id.trim());
    if (users.some((id) => call.workspace.findUser(id)?.id !== id)) refuse('invalid_users');
    return { ...group, users };
  }),
};

function method(run: Method['run']): Method {
  return { tier: 2, scopes: ['usergroups:write'], needsTeam: true, acceptsJson: true, run };
}

/** Creates a method that replaces a user group with a changed copy. */
function changing(change: (call: Call, group: UserGroup) => UserGroup): Method {
  return method((call) => {
    const { userGroups } = call.workspace;
    const asked = call.text('usergroup') ?? refuse('missing_argument');
    const index = userGroups.findIndex(({ id }) => id === asked);
    const group = userGroups[index] ?? refuse('no_such_subteam');
    const changed = change(call, group);
    checkUnique(call, changed);
    userGroups[index] = changed;
    return { usergroup: renderUserGroup(call, changed) };
  });
}

function checkUnique(call: Call, { id, name, handle }: UserGroup): void {
  const others = call.workspace.userGroups.filter((group) => group.id !== id);
  if (others.some((group) => group.name === name)) refuse('name_already_exists');
  if (others.some((group) => group.handle === handle)) refuse('handle_already_exists');
}
