import type { JsonObject } from '../json.ts';
import { renderUser } from '../workspace/render-user.ts';
import type { EventType } from './event-type.ts';
import { messageDefaults } from './message-defaults.ts';
import { SIMULATOR_IDS } from './simulator-ids.ts';

const { user, channel, team, app, bot, botUser, directMessage } = SIMULATOR_IDS;

/**
 * Returns default values for the required fields of an event type, except `type` and `event_ts`. Returns an empty
 * object for an unknown type.
 */
export function eventDefaults(type: string, fields: JsonObject, ts: string): JsonObject {
  if (type === 'message') return messageDefaults(fields, ts);
  return Object.hasOwn(DEFAULTS, type) ? (DEFAULTS[type as EventType]?.(ts) ?? {}) : {};
}

const seconds = (ts: string): number => Number(ts.split('.')[0]);
const reaction = (ts: string): JsonObject => ({
  user,
  reaction: 'thumbsup',
  item_user: botUser,
  item: { type: 'message', channel, ts },
});
const membership = (): JsonObject => ({ user, channel, channel_type: 'C', team });
const file = (): JsonObject => ({ file_id: 'F0SIMULATR', user_id: user, file: { id: 'F0SIMULATR' } });
const person = (ts: string): JsonObject => ({
  user: renderUser(
    {
      id: user,
      name: 'alice',
      realName: 'Alice Example',
      email: 'alice@example.com',
      isBot: false,
      isAdmin: false,
      title: '',
      isAway: false,
      deleted: false,
    },
    team,
  ),
  cache_ts: seconds(ts),
});
const pin = (ts: string): JsonObject => ({
  user,
  channel_id: channel,
  item: {
    type: 'message',
    channel,
    created: seconds(ts),
    created_by: user,
    message: {
      type: 'message',
      user: botUser,
      text: 'Pinned',
      ts,
      team,
      permalink: `https://simulator.slack.com/archives/${channel}/p${ts.replace('.', '')}`,
    },
  },
  item_user: botUser,
  // Slack sends a number, although the type says string.
  pin_count: 1,
  pinned_info: { channel, pinned_by: user, pinned_ts: seconds(ts) },
});
const channelByUser = (): JsonObject => ({ channel, user });

const DEFAULTS: { readonly [T in EventType]?: (ts: string) => JsonObject } = {
  app_home_opened: () => ({ user, channel: directMessage, tab: 'home' }),
  app_mention: (ts) => ({ user, text: `<@${botUser}> hello`, ts, channel, team }),
  app_uninstalled: () => ({}),
  channel_archive: channelByUser,
  channel_created: (ts) => ({
    channel: {
      id: 'C0CREATED1',
      is_channel: true,
      name: 'created',
      name_normalized: 'created',
      created: seconds(ts),
      creator: user,
      is_shared: false,
      is_org_shared: false,
      context_team_id: team,
      is_archived: false,
      is_frozen: false,
      is_general: false,
      is_group: false,
      is_private: false,
      is_ext_shared: false,
      is_im: false,
      is_mpim: false,
      is_pending_ext_shared: false,
    },
  }),
  channel_deleted: () => ({ channel }),
  channel_left: () => ({ channel, actor_id: user }),
  channel_rename: (ts) => ({
    channel: {
      id: channel,
      name: 'renamed',
      name_normalized: 'renamed',
      created: seconds(ts),
      is_channel: true,
      is_mpim: false,
    },
  }),
  channel_unarchive: channelByUser,
  emoji_changed: () => ({ subtype: 'add', name: 'simulated', value: 'https://emoji.slack-edge.com/simulated.png' }),
  file_change: file,
  file_created: file,
  file_deleted: () => ({ file_id: 'F0SIMULATR' }),
  file_public: file,
  file_shared: () => ({ ...file(), channel_id: channel }),
  group_archive: channelByUser,
  im_created: () => ({ user, channel: { id: directMessage } }),
  link_shared: (ts) => ({
    channel,
    is_bot_user_member: true,
    user,
    message_ts: ts,
    links: [{ domain: 'example.com', url: 'https://example.com/page' }],
    unfurl_id: `C.${ts}`,
    source: 'conversations_history',
  }),
  member_joined_channel: membership,
  member_left_channel: membership,
  pin_added: pin,
  pin_removed: (ts) => ({ ...pin(ts), has_pins: false }),
  reaction_added: reaction,
  reaction_removed: reaction,
  star_added: () => ({ user, item: {} }),
  team_join: person,
  team_rename: () => ({ name: 'Simulator' }),
  tokens_revoked: () => ({ tokens: { bot: [botUser] } }),
  user_change: person,
  user_profile_changed: person,
  user_status_changed: person,
  app_installed: () => ({
    app_id: app,
    app_name: bot,
    app_owner_id: user,
    user_id: user,
    team_id: team,
    team_domain: 'simulator',
  }),
};
