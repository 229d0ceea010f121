import { refuse } from '../../slack-api-error.ts';
import type { Method } from '../method.ts';

/** Methods that read facts about the workspace. Slack documents them at https://docs.slack.dev/reference/methods. */
export const teamMethods: Readonly<Record<string, Method>> = {
  'team.billing.info': {
    tier: 3,
    scopes: ['team.billing:read'],
    acceptsJson: false,
    // A paid plan, because the simulator has lists.
    run: () => ({ plan: 'plus' }),
  },
  'team.preferences.list': {
    tier: 3,
    scopes: ['team.preferences:read'],
    acceptsJson: false,
    run: () => ({
      allow_message_deletion: true,
      disable_file_uploads: 'allow_all',
      display_real_names: false,
      msg_edit_window_mins: -1,
      who_can_post_general: 'ra',
    }),
  },
  'team.profile.get': {
    tier: 3,
    scopes: ['users.profile:read'],
    acceptsJson: false,
    run(call) {
      if (!['all', 'hidden', 'visible'].includes(call.text('visibility') ?? 'all')) refuse('invalid_arguments');
      // The workspace has no fields of its own.
      return { profile: { fields: [], sections: [] } };
    },
  },
};
