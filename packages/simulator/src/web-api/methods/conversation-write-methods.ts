import { invalidArguments, SlackApiError } from '../../slack-api-error.ts';
import { requireManageScope } from '../manage-scope.ts';
import { conversationScopes, type Method } from '../method.ts';
import { renderChannel } from '../render-channel.ts';

/** Methods that join and open conversations. */
export const conversationWriteMethods: Readonly<Record<string, Method>> = {
  'conversations.join': {
    tier: 3,
    scopes: ['channels:join'],
    acceptsJson: true,
    run(call) {
      const { workspace, caller } = call;
      const channel = call.visibleChannel();
      if (channel.type !== 'channel') throw new SlackApiError('method_not_supported_for_channel_type');
      const joined = workspace.addMember(channel.id, caller);
      const shown = { channel: renderChannel(workspace, channel, caller) };
      if (joined) return shown;
      return { ...shown, warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } };
    },
  },
  // https://docs.slack.dev/reference/methods/conversations.mark
  'conversations.mark': {
    tier: 3,
    scopes: conversationScopes('write'),
    checksScopesItself: true,
    acceptsJson: true,
    run(call) {
      const { workspace } = call;
      const channel = call.visibleChannel();
      requireManageScope(call, channel);
      const ts = call.requiredText('ts');
      if (!/^\d{10}\.\d{6}$/.test(ts)) throw new SlackApiError('invalid_timestamp');
      if (!channel.members.has(call.caller)) throw new SlackApiError('not_in_channel');
      workspace.log(channel.id).lastRead.set(call.caller, ts);
      return {};
    },
  },
  'conversations.open': {
    tier: 3,
    scopes: ['im:write', 'mpim:write'],
    checksScopesItself: true,
    acceptsJson: true,
    run(call) {
      const { workspace, caller } = call;
      const users = call.text('users');
      if (users === undefined && call.text('channel') === undefined) throw new SlackApiError('users_list_not_supplied');
      if (users !== undefined && call.text('channel') !== undefined)
        throw invalidArguments('pass either channel or users');
      const ids = users?.split(',').map((id) => id.trim()) ?? [];
      call.requireScope(ids.length > 1 ? 'mpim:write' : 'im:write');
      for (const id of ids) {
        if (!/^[UW]/.test(id)) throw new SlackApiError('user_not_found');
        // Documented: "user_disabled: a specified user has been disabled".
        if (workspace.user(id).deleted) throw new SlackApiError('user_disabled');
      }
      if (ids.length > 8) throw new SlackApiError('too_many_users');
      const count = workspace.channels.length;
      const channel = users === undefined ? call.memberChannel() : workspace.openConversation([...ids, caller]);
      const wasOpen = workspace.channels.length === count ? { no_op: true, already_open: true } : {};
      return {
        ...wasOpen,
        channel: call.flag('return_im') ? renderChannel(workspace, channel, caller) : { id: channel.id },
      };
    },
  },
};
