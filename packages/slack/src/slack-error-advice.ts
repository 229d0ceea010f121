import { takesTeamId } from './team-methods.ts';
import type { TokenKind } from './token-kind.ts';

/** Matches `TOKEN`, which stands in advice for the name of the variable that contains the token. */
const TOKEN = /\bTOKEN\b/g;

const INVITE = 'Invite the bot to the channel in Slack (/invite @bot), then call again.';
const NEW_TOKEN = 'Install the app again in Slack and set TOKEN to the new token.';

const WITHOUT_TEAM =
  'The token may belong to an Enterprise organization, for which this method needs the workspace: set SLACK_TEAM_ID to its id (like T0123456789).';

/** Advice for Slack's errors, by the name of the error. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    'channel_not_found',
    'Check the channel: use its id (like C0123456789) or its exact name. A private channel exists only for its members, so you may have to invite the bot first.',
  ],
  ['not_in_channel', INVITE],
  ['is_archived', 'The channel is archived. Choose another channel, or have it unarchived in Slack.'],
  [
    'restricted_action',
    'A workspace setting forbids this here. Ask an administrator of the workspace, or use another channel.',
  ],
  ['invalid_thread_ts', 'Check thread_ts: it is the ts of a message, like 1700000000.000100, as a string.'],
  ['thread_not_found', 'Check thread_ts: it is the ts of the first message of the thread, in the same channel.'],
  ['message_not_found', 'Check the timestamp: it is the ts of the message, as a string, in the same channel.'],
  [
    'cant_update_message',
    'You can edit only messages that the bot posted. Reply in the thread instead, or ask the author to edit it.',
  ],
  ['edit_window_closed', 'A workspace setting forbids edits after some time. Post a correction in the thread instead.'],
  ['is_inactive', 'The channel is archived or deleted, so its messages cannot be edited.'],
  [
    'cant_delete_message',
    'You can delete only messages that the bot posted. Ask the author or an administrator to delete it.',
  ],
  ['compliance_exports_prevent_deletion', 'A compliance setting of the workspace forbids deletion.'],
  ['time_in_past', 'Use a later time, and check its time zone.'],
  ['time_too_far', 'Use a time within the next 120 days.'],
  ['invalid_time', 'Use seconds since 1970, or ISO 8601 with a time zone.'],
  ['restricted_too_many', 'Slack schedules at most 30 messages in 5 minutes of a channel. Use another time.'],
  [
    'invalid_scheduled_message_id',
    'The message was posted or cancelled, or it will be posted within 60 seconds. Check its id and channel with slack_list_scheduled_messages.',
  ],
  ['bad_timestamp', 'Write the timestamp as a string in the format of Slack, like "1700000000.000100".'],
  ['invalid_ts_latest', 'Write latest as a string in the format of Slack, like "1700000000.000100".'],
  ['invalid_ts_oldest', 'Write oldest as a string in the format of Slack, like "1700000000.000100".'],
  ['invalid_cursor', 'Start again without cursor; cursors expire.'],
  ['invalid_limit', 'Use a smaller limit.'],
  ['no_text', 'Use a text that is not empty.'],
  ['msg_too_long', 'Shorten the text, or send it as several messages.'],
  ['invalid_name', 'No emoji has this name. Use a name from slack_read_emojis or a standard emoji, without colons.'],
  ['too_many_emoji', 'The message has as many different reactions as Slack allows.'],
  ['too_many_reactions', 'The message has as many reactions of this user as Slack allows.'],
  ['already_reacted', 'Nothing to do: the reaction already exists.'],
  ['no_reaction', 'Nothing to do: the reaction does not exist.'],
  ['file_uploads_disabled', 'The workspace does not allow uploads. Post the content as a message instead.'],
  ['file_upload_size_restricted', 'The workspace does not allow files of this size. Use a smaller file.'],
  ['storage_limit_reached', 'The workspace has no space for files left. Post the content as a message instead.'],
  ['posting_to_channel_denied', 'The bot may not post to this channel. Invite the bot, or use another channel.'],
  ['user_not_found', 'Check the user id (like U0123456789).'],
  ['users_not_found', 'No one has this email address. Find the person by name, for example with slack_find.'],
  ['cannot_dm_bot', 'Slack does not let a bot write to another bot. Use a channel.'],
  [
    'file_not_found',
    'Check the file: use its id (like F0123456789). The token sees only files in channels that it is a member of.',
  ],
  ['file_deleted', 'The file was deleted.'],
  [
    'canvas_not_found',
    'Check the canvas: use its id (like F0123456789). The token sees only canvases it has access to.',
  ],
  ['list_not_found', 'Check the list: use its id (like F0123456789). The token sees only lists it has access to.'],
  ['lists_disabled_user_team', 'The workspace does not allow lists.'],
  ['record_not_found', 'Check the id of the item: read the list with slack_read_list.'],
  ['invalid_row_id', 'Check the id of the item: read the list with slack_read_list.'],
  ['canvas_deleted', 'The canvas was deleted.'],
  ['canvas_editing_failed', 'Read the canvas again: the section may have changed. Then call again.'],
  ['channel_canvas_already_exists', 'The channel has a canvas of its own already. Change that canvas instead.'],
  ['canvas_disabled_user_team', 'The workspace does not allow canvases. Post the content as a message instead.'],
  [
    'free_teams_cannot_create_non_tabbed_canvases',
    "The workspace's plan allows canvases only in channels. Pass the channel.",
  ],
  ['invalid_timestamp', 'Write the timestamp as a string in the format of Slack, like "1700000000.000100".'],
  ['user_disabled', 'The person is deactivated. Choose another person.'],
  [
    'method_not_supported_for_channel_type',
    'Slack allows this only in other types of conversations. A bot can join only public channels; a member must invite it to others (/invite @bot).',
  ],
  ['no_such_subteam', 'Check the user group: use its id (like S0123456789) or its handle. It may be disabled.'],
  ['plan_upgrade_required', "The workspace's plan has no user groups."],
  ['invalid_auth', `Slack does not recognize the token. ${NEW_TOKEN}`],
  ['not_authed', 'No token reached Slack. Set TOKEN.'],
  ['account_inactive', `The token belongs to a removed user, bot or app. ${NEW_TOKEN}`],
  ['token_revoked', `The token was revoked. ${NEW_TOKEN}`],
  ['token_expired', `The token has expired. ${NEW_TOKEN}`],
  ['not_allowed_token_type', 'This method needs another kind of token, for example a user token in SLACK_USER_TOKEN.'],
  ['assistant_search_context_disabled', 'Slack cannot search at the moment. Call again in a minute.'],
  ['query_too_long', 'Shorten the query.'],
  ['access_denied', 'The token has no access to this. Ask an administrator of the workspace.'],
  ['org_login_required', 'The workspace is being moved to an Enterprise organization. Try again later.'],
  ['team_added_to_org', 'The workspace is being moved to an Enterprise organization. Try again later.'],
  ['ratelimited', 'Wait a minute, then call again.'],
  ['internal_error', 'Slack had an internal problem. Try again in a moment.'],
  ['fatal_error', 'Slack had an internal problem. Check what was done before you try again.'],
  ['service_unavailable', 'Slack is unavailable. Try again in a moment.'],
  ['request_timeout', 'Slack did not receive the whole request. Try again.'],
]);

/**
 * Returns advice for an error of Slack in one or two sentences, which never contain arguments of the call.
 *
 * @param scopes - the missing scope and the scopes of the token, if Slack names them, and the kind of the token
 */
export function adviceFor(
  method: string,
  slackError: string,
  scopes: { needed?: string | undefined; provided?: string | undefined; actedAs?: TokenKind | undefined },
): string {
  const { needed, provided, actedAs = 'bot' } = scopes;
  const variable = `SLACK_${actedAs.toUpperCase()}_TOKEN`;
  if (slackError === 'missing_argument' && takesTeamId(method)) return WITHOUT_TEAM;
  if (slackError !== 'missing_scope') {
    const advice = ADVICE.get(slackError)?.replace(TOKEN, variable);
    return advice ?? `Slack describes this error at https://docs.slack.dev/reference/methods/${method}.`;
  }
  const scope = needed === undefined ? 'the scope that the method needs' : `the scope ${needed}`;
  const has = provided === undefined ? '' : ` The token has: ${provided}.`;
  return `Add ${scope} to the Slack app (OAuth & Permissions, or oauth_config.scopes.${actedAs} in its manifest), install it again and set ${variable} to the new token.${has}`;
}
