import { SlackApiError } from '../../slack-api-error.ts';
import { renderUser } from '../../workspace/render-user.ts';
import { paginate } from '../cursor.ts';
import type { Method } from '../method.ts';

export const userMethods: Readonly<Record<string, Method>> = {
  'users.list': {
    tier: 2,
    scopes: ['users:read'],
    acceptsJson: false,
    run(call) {
      const { users, team, clock } = call.workspace;
      const limit = call.integer('limit', { default: users.length, max: 1000 });
      const page = paginate(users, { kind: 'user', key: ({ id }) => id, cursor: call.text('cursor'), limit });
      return {
        members: page.items.map((user) => renderUser(user, team.id)),
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
      const { users, team } = call.workspace;
      const user = users.find(({ id }) => id === call.text('user'));
      if (!user) throw new SlackApiError('user_not_found');
      return { user: renderUser(user, team.id) };
    },
  },
  'users.lookupByEmail': {
    tier: 3,
    scopes: ['users:read.email'],
    acceptsJson: false,
    run(call) {
      const { users, team } = call.workspace;
      const email = call.requiredText('email').toLowerCase();
      const user = users.find((candidate) => candidate.email?.toLowerCase() === email && !candidate.deleted);
      if (!user) throw new SlackApiError('users_not_found');
      return { user: renderUser(user, team.id) };
    },
  },
};
