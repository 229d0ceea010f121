import type { JsonObject } from '../../json.ts';
import { SlackApiError } from '../../slack-api-error.ts';
import type { UserGroup } from '../../workspace/model.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';

// https://docs.slack.dev/reference/methods/usergroups.list
export const usergroupMethods: Readonly<Record<string, Method>> = {
  'usergroups.list': {
    tier: 2,
    scopes: ['usergroups:read'],
    needsTeam: true,
    acceptsJson: false,
    run(call) {
      const shown = call.workspace.userGroups.filter(
        ({ isDisabled }) => !isDisabled || call.flag('include_disabled') === true,
      );
      return { usergroups: shown.map((group) => renderUserGroup(call, group)) };
    },
  },
  // https://docs.slack.dev/reference/methods/usergroups.users.list
  'usergroups.users.list': {
    tier: 2,
    scopes: ['usergroups:read'],
    needsTeam: true,
    acceptsJson: false,
    run(call) {
      const asked = call.requiredText('usergroup');
      const group = call.workspace.userGroups.find(({ id }) => id === asked);
      if (group === undefined || (group.isDisabled && call.flag('include_disabled') !== true)) {
        throw new SlackApiError('no_such_subteam');
      }
      return { users: [...group.users] };
    },
  },
};

/** Returns a user group as the Web API shows it. The members are counted and listed only if the call asks for them. */
export function renderUserGroup(
  call: Call,
  { id, handle, name, description, users, isDisabled }: UserGroup,
): JsonObject {
  const { team, users: members } = call.workspace;
  const creator = members[0]?.id ?? '';
  return {
    id,
    team_id: team.id,
    is_usergroup: true,
    is_subteam: true,
    name,
    description,
    handle,
    is_external: false,
    date_create: CREATED,
    date_update: CREATED,
    date_delete: isDisabled ? CREATED : 0,
    auto_type: null,
    auto_provision: false,
    enterprise_subteam_id: '',
    created_by: creator,
    updated_by: creator,
    deleted_by: isDisabled ? creator : null,
    prefs: { channels: [], groups: [] },
    ...(call.flag('include_users') === true ? { users: [...users] } : {}),
    ...(call.flag('include_count') === true ? { user_count: users.length } : {}),
  };
}

const CREATED = 1_700_000_000;
