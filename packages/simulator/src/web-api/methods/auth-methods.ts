import { SlackApiError } from '../../slack-api-error.ts';
import type { Method } from '../method.ts';

export const authMethods: Readonly<Record<string, Method>> = {
  'api.test': {
    tier: 4,
    scopes: [],
    anonymous: true,
    acceptsJson: true,
    run(call) {
      const error = call.text('error');
      if (error !== undefined) throw new SlackApiError(error, { args: call.arguments });
      return { args: call.arguments };
    },
  },
  'auth.test': {
    tier: 4,
    scopes: [],
    acceptsJson: true,
    run({ actor, workspace }) {
      const { team, bot } = workspace;
      return {
        url: `https://${team.domain}.slack.com/`,
        team: team.name,
        user: actor.kind === 'bot' ? bot.name : workspace.user(actor.userId).name,
        team_id: team.id,
        user_id: actor.userId,
        ...(actor.kind === 'bot' ? { bot_id: bot.botId } : {}),
        is_enterprise_install: false,
      };
    },
  },
  'team.info': {
    tier: 3,
    scopes: ['team:read'],
    acceptsJson: false,
    run({ workspace: { team } }) {
      const icon = {
        image_34: 'https://a.slack-edge.com/80588/img/avatars-teams/ava_0001-34.png',
        image_default: true,
      };
      return {
        team: {
          id: team.id,
          name: team.name,
          url: `https://${team.domain}.slack.com/`,
          domain: team.domain,
          email_domain: team.emailDomain,
          icon,
          avatar_base_url: 'https://ca.slack-edge.com/',
          is_verified: false,
        },
      };
    },
  },
};
