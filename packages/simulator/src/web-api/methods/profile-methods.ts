import type { JsonObject } from '../../json.ts';
import { invalidArguments, refuse } from '../../slack-api-error.ts';
import type { User } from '../../workspace/model.ts';
import { renderUser } from '../../workspace/render-user.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';

/** Maximum number of characters in a status, as Slack documents it. */
const LONGEST_STATUS = 100;

/** Methods for profiles, presence and bots. Slack documents them at https://docs.slack.dev/reference/methods. */
export const profileMethods: Readonly<Record<string, Method>> = {
  'users.profile.get': {
    tier: 4,
    scopes: ['users.profile:read'],
    acceptsJson: false,
    run(call) {
      const asked = call.text('user') ?? call.caller;
      const user = call.workspace.findUser(asked);
      if (user?.id !== asked) return refuse('user_not_found');
      return { profile: profileOf(call, user) };
    },
  },
  'users.profile.set': {
    tier: 3,
    scopes: ['users.profile:write'],
    tokens: ['user'],
    acceptsJson: true,
    run(call) {
      const { workspace, caller } = call;
      const user = workspace.user(caller);
      // Documented: only admins change the profile of another person.
      if ((call.text('user') ?? caller) !== caller) refuse('not_admin');
      const name = call.text('name');
      const given = call.jsonObject('profile', 'invalid_profile') ?? (name ? { [name]: call.text('value') ?? '' } : {});
      const changed = workspace.addUser(withProfile(user, given));
      return { username: changed.name, profile: profileOf(call, changed) };
    },
  },
  'users.setPresence': {
    tier: 2,
    scopes: ['users:write'],
    acceptsJson: true,
    run(call) {
      const presence = call.text('presence');
      if (presence !== 'auto' && presence !== 'away') refuse('invalid_presence');
      call.workspace.addUser({ ...call.workspace.user(call.caller), isAway: presence === 'away' });
      return {};
    },
  },
  'users.deletePhoto': {
    tier: 2,
    scopes: ['users.profile:write'],
    tokens: ['user'],
    acceptsJson: true,
    // Every user of the simulator has the default photo.
    run: () => ({}),
  },
  'bots.info': {
    tier: 3,
    scopes: ['users:read'],
    acceptsJson: false,
    run(call) {
      const { bot } = call.workspace;
      if (call.requiredText('bot') !== bot.botId) refuse('bot_not_found');
      const { botId: id, appId: app_id, userId: user_id, name } = bot;
      return { bot: { id, app_id, user_id, name, deleted: false, updated: 1_700_000_000, icons: {} } };
    },
  },
};

/** Returns the user with the given name, title and status. Other fields of a profile are ignored. */
function withProfile(user: User, given: JsonObject): User {
  const text = (name: string): string | undefined => (given[name] === undefined ? undefined : String(given[name]));
  const statusText = text('status_text') ?? user.status?.text ?? '';
  if ([...statusText].length > LONGEST_STATUS) refuse('too_long');
  const expiration = Number(text('status_expiration') ?? user.status?.expiration ?? 0);
  if (!Number.isInteger(expiration))
    throw invalidArguments('must be a valid integer [json-pointer:/status_expiration]');
  return {
    ...user,
    realName: text('real_name') ?? user.realName,
    title: text('title') ?? user.title,
    status: { text: statusText, emoji: text('status_emoji') ?? user.status?.emoji ?? '', expiration },
  };
}

function profileOf(call: Call, user: User): JsonObject {
  return { ...renderUser(user, call.workspace.team.id).profile };
}
