import type { JsonObject } from '../../json.ts';
import { SlackApiError } from '../../slack-api-error.ts';
import type { User } from '../../workspace/model.ts';
import { renderUser } from '../../workspace/render-user.ts';
import type { Call } from '../call.ts';
import { paginate } from '../cursor.ts';
import type { Method } from '../method.ts';

export const userMethods: Readonly<Record<string, Method>> = {
  'users.list': {
    tier: 2,
    scopes: ['users:read'],
    needsTeam: true,
    acceptsJson: false,
    run(call) {
      const { users, clock, crowd } = call.workspace;
      const limit = call.integer('limit', { default: users.length + crowd.users.size, max: 1000 });
      const cursor = call.text('cursor');
      const page = paginate(users, { kind: 'user', key: ({ id }) => id, cursor, limit, crowd: crowd.users });
      return {
        members: page.items.map((user) => shown(call, user)),
        cache_ts: clock.seconds(),
        response_metadata: { next_cursor: page.nextCursor ?? '' },
      };
    },
  },
  'users.info': {
    tier: 4,
    scopes: ['users:read'],
    acceptsJson: false,
    run(call) {
      const asked = call.text('user') ?? '';
      const user = call.workspace.findUser(asked);
      if (user?.id !== asked) throw new SlackApiError('user_not_found');
      return { user: shown(call, user) };
    },
  },
  // https://docs.slack.dev/reference/methods/users.getPresence
  'users.getPresence': {
    tier: 3,
    scopes: ['users:read'],
    acceptsJson: false,
    run(call) {
      const asked = call.text('user') ?? call.caller;
      const user = call.workspace.findUser(asked);
      if (user?.id !== asked) throw new SlackApiError('user_not_found');
      const presence = user.isAway ? 'away' : 'active';
      // Slack shows the details only to the user.
      if (user.id !== call.caller) return { presence };
      return { presence, online: !user.isAway, auto_away: false, manual_away: user.isAway, connection_count: 1 };
    },
  },
  'users.lookupByEmail': {
    tier: 3,
    scopes: ['users:read.email'],
    acceptsJson: false,
    run(call) {
      const { users } = call.workspace;
      const email = call.requiredText('email').toLowerCase();
      const user = users.find((candidate) => candidate.email?.toLowerCase() === email && !candidate.deleted);
      if (!user) throw new SlackApiError('users_not_found');
      return { user: shown(call, user) };
    },
  },
};

/** Returns a user as the Web API shows it. The locale is included only if the call asks for it. */
function shown(call: Call, user: User): JsonObject {
  const { locale, ...rest } = renderUser(user, call.workspace.team.id);
  return call.flag('include_locale') ? { ...rest, locale } : rest;
}
