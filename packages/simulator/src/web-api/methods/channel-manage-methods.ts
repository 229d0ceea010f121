import { refuse } from '../../slack-api-error.ts';
import type { Channel } from '../../workspace/model.ts';
import type { Call } from '../call.ts';
import { requireManageScope } from '../manage-scope.ts';
import { conversationScopes, type Method } from '../method.ts';
import { renderChannel } from '../render-channel.ts';

const SCOPES = ['channels:manage', ...conversationScopes('write')];

/** Maximum numbers of characters in a name, and in a topic or description, as Slack documents them. */
const LONGEST_NAME = 80;
const LONGEST_NOTE = 250;

/** Methods that create and change channels. Slack documents them at https://docs.slack.dev/reference/methods. */
export const channelManageMethods: Readonly<Record<string, Method>> = {
  'conversations.create': method(2, (call) => {
    const { workspace, caller } = call;
    const isPrivate = call.flag('is_private');
    requireManageScope(call, { type: isPrivate ? 'group' : 'channel' });
    const channel = workspace.createChannel(nameOf(call), caller, { isPrivate });
    return { channel: renderChannel(workspace, channel, caller) };
  }),
  'conversations.archive': method(2, (call) => {
    const channel = ownChannel(call);
    if (channel.isGeneral) refuse('cant_archive_general');
    if (channel.isArchived) refuse('already_archived');
    channel.isArchived = true;
    return {};
  }),
  'conversations.unarchive': method(2, (call) => {
    const channel = namedChannel(call);
    if (!channel.isArchived) refuse('not_archived');
    channel.isArchived = false;
    return {};
  }),
  'conversations.rename': method(2, (call) => {
    const { workspace, caller } = call;
    const channel = ownChannel(call);
    if (channel.isArchived) refuse('is_archived');
    // Documented: only the creator, an admin or a channel manager may rename a channel.
    if (channel.creator !== caller && !workspace.user(caller).isAdmin) refuse('not_authorized');
    const name = nameOf(call);
    if (workspace.findChannel(name) !== undefined) refuse('name_taken');
    channel.name = name;
    return { channel: renderChannel(workspace, channel, caller) };
  }),
  'conversations.setTopic': method(2, (call) => {
    const channel = ownChannel(call, 'topic');
    channel.topic = noteOf(call, channel, 'topic');
    return { channel: renderChannel(call.workspace, channel, call.caller) };
  }),
  'conversations.setPurpose': method(2, (call) => {
    const channel = ownChannel(call, 'topic');
    channel.purpose = noteOf(call, channel, 'purpose');
    return { channel: renderChannel(call.workspace, channel, call.caller) };
  }),
  'conversations.invite': method(3, (call) => {
    const { workspace, caller } = call;
    const channel = ownChannel(call, 'invites');
    if (channel.isArchived) refuse('is_archived');
    const users = listOf(call.text('users'));
    if (users.length === 0) refuse('no_user');
    for (const id of users) {
      if (workspace.findUser(id)?.id !== id) refuse('user_not_found');
      if (id === caller) refuse('cant_invite_self');
      if (channel.members.has(id)) refuse('already_in_channel');
    }
    for (const id of users) workspace.addMember(channel.id, id, caller);
    return { channel: renderChannel(workspace, channel, caller) };
  }),
  'conversations.kick': method(3, (call) => {
    const { workspace, caller } = call;
    const channel = ownChannel(call);
    const user = call.text('user') ?? '';
    if (workspace.findUser(user)?.id !== user) refuse('user_not_found');
    if (channel.isGeneral) refuse('cant_kick_from_general');
    if (user === caller) refuse('cant_kick_self');
    if (!channel.members.delete(user)) refuse('not_in_channel');
    return {};
  }),
  'conversations.leave': method(3, (call) => {
    const channel = namedChannel(call);
    if (channel.isArchived) refuse('is_archived');
    if (channel.isGeneral) refuse('cant_leave_general');
    // Documented for channels.leave: no error, but this field.
    if (!channel.members.has(call.caller)) return { not_in_channel: true };
    if (channel.members.size === 1) refuse('last_member');
    channel.members.delete(call.caller);
    return {};
  }),
  'conversations.close': method(2, (call) => {
    const channel = call.visibleChannel();
    if (channel.type !== 'im' && channel.type !== 'mpim') refuse('method_not_supported_for_channel_type');
    requireManageScope(call, channel);
    // Closing only hides a direct message. It opens again with the next message.
    return {};
  }),
};

function method(tier: 2 | 3, run: Method['run']): Method {
  return { tier, scopes: SCOPES, checksScopesItself: true, acceptsJson: true, run };
}

/** Returns the channel that the call names, after checking the scope. @throws SlackApiError for a direct message */
function namedChannel(call: Call, part?: 'topic' | 'invites'): Channel {
  const channel = call.visibleChannel();
  requireManageScope(call, channel, part);
  if (channel.type === 'im' || channel.type === 'mpim') refuse('method_not_supported_for_channel_type');
  return channel;
}

/** Returns the channel that the call names. @throws SlackApiError `not_in_channel` if the caller is not a member */
function ownChannel(call: Call, part?: 'topic' | 'invites'): Channel {
  const channel = namedChannel(call, part);
  if (!channel.members.has(call.caller)) refuse('not_in_channel');
  return channel;
}

function nameOf(call: Call): string {
  const name = call.text('name');
  if (name === undefined) return refuse('invalid_name_required');
  if (name.length > LONGEST_NAME) refuse('invalid_name_maxlength');
  if (/^[\p{P}\p{S}]+$/u.test(name)) refuse('invalid_name_punctuation');
  if (!/^[\p{Ll}\p{Lo}\p{N}_-]+$/u.test(name)) refuse('invalid_name_specials');
  return name;
}

function noteOf(call: Call, channel: Channel, name: 'topic' | 'purpose'): string {
  if (channel.isArchived) refuse('is_archived');
  const value = call.text(name) ?? '';
  return value.length > LONGEST_NOTE ? refuse('too_long') : value;
}

function listOf(text = ''): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}
