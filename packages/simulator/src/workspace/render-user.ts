import type { TeamJoinEvent } from '@slack/types';
import type { User } from './model.ts';

/** A user in the form in which the Web API and events show users. */
export type SlackUser = TeamJoinEvent['user'];

/** Returns a user with all fields that Slack shows. */
export function renderUser(user: User, teamId: string): SlackUser {
  const [firstName = '', ...lastNames] = user.realName.split(' ');
  return {
    id: user.id,
    team_id: teamId,
    name: user.name,
    deleted: user.deleted,
    color: '9f69e7',
    real_name: user.realName,
    tz: 'Etc/UTC',
    tz_label: 'Coordinated Universal Time',
    tz_offset: 0,
    profile: {
      title: user.title,
      phone: '',
      skype: '',
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      fields: null,
      status_text: user.status?.text ?? '',
      status_text_canonical: '',
      status_emoji: user.status?.emoji ?? '',
      status_emoji_display_info: [],
      status_expiration: user.status?.expiration ?? 0,
      avatar_hash: '',
      first_name: firstName,
      last_name: lastNames.join(' '),
      ...(user.email === undefined ? {} : { email: user.email }),
      image_24: avatar(24),
      image_32: avatar(32),
      image_48: avatar(48),
      image_72: avatar(72),
      image_192: avatar(192),
      image_512: avatar(512),
      team: teamId,
    },
    is_admin: user.isAdmin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: user.isBot,
    is_app_user: false,
    updated: 1_700_000_000,
    is_email_confirmed: user.email !== undefined,
    locale: 'en-US',
    who_can_share_contact_card: 'EVERYONE',
  };
}

function avatar(size: number): string {
  return `https://a.slack-edge.com/80588/img/avatars-simulator-${size}.png`;
}
