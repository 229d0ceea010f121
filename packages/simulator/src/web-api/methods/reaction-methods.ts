import { SlackApiError } from '../../slack-api-error.ts';
import { compareTs } from '../../workspace/clock.ts';
import type { Channel, Message } from '../../workspace/model.ts';
import { renderMessage } from '../../workspace/render-message.ts';
import { isStandardEmoji } from '../../workspace/standard-emoji.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';
import { permalink } from '../permalink.ts';

export const reactionMethods: Readonly<Record<string, Method>> = {
  'reactions.add': {
    tier: 3,
    scopes: ['reactions:write'],
    acceptsJson: true,
    run(call) {
      const { channel, message } = reactedItem(call);
      call.workspace.addReaction(channel.id, message.ts, call.caller, emojiName(call));
      return {};
    },
  },
  'reactions.remove': {
    tier: 2,
    scopes: ['reactions:write'],
    acceptsJson: true,
    run(call) {
      const { channel, message } = reactedItem(call);
      call.workspace.removeReaction(channel.id, message.ts, call.caller, emojiName(call));
      return {};
    },
  },
  'reactions.get': {
    tier: 3,
    scopes: ['reactions:read'],
    acceptsJson: false,
    run(call) {
      const { channel, message } = reactedItem(call);
      const shown = renderMessage(call.workspace, channel, message);
      return {
        type: 'message',
        channel: channel.id,
        message: { ...shown, permalink: permalink(call.workspace, channel, message) },
      };
    },
  },
  // https://docs.slack.dev/reference/methods/reactions.list
  'reactions.list': {
    tier: 2,
    scopes: ['reactions:read'],
    needsTeam: true,
    acceptsJson: false,
    run(call) {
      const { workspace } = call;
      const user = call.text('user') ?? call.caller;
      if (workspace.findUser(user)?.id !== user) throw new SlackApiError('user_not_found');
      const count = call.integer('count', { default: 100, max: 1000 });
      const page = call.integer('page', { default: 1, max: 1_000_000 });
      const found = workspace.channels
        .filter((channel) => call.sees(channel))
        .flatMap((channel) => workspace.messages(channel.id).map((message) => ({ channel, message })))
        .filter(({ message }) => message.reactions?.some(({ users }) => users.includes(user)))
        .sort((a, b) => compareTs(b.message.ts, a.message.ts));
      return {
        items: found.slice((page - 1) * count, page * count).map(({ channel, message }) => ({
          type: 'message',
          channel: channel.id,
          message: {
            ...renderMessage(workspace, channel, message),
            permalink: permalink(workspace, channel, message),
          },
        })),
        paging: { count, total: found.length, page, pages: Math.ceil(found.length / count) },
      };
    },
  },
};

function reactedItem(call: Call): { channel: Channel; message: Message } {
  if (call.text('channel') === undefined || call.text('timestamp') === undefined)
    throw new SlackApiError('no_item_specified');
  const channel = call.memberChannel();
  if (channel.isArchived) throw new SlackApiError('is_archived');
  const timestamp = call.requiredText('timestamp');
  if (!/^\d+\.\d+$/.test(timestamp)) throw new SlackApiError('bad_timestamp');
  return { channel, message: call.workspace.message(channel.id, timestamp) };
}

function emojiName(call: Call): string {
  const name = call.text('name')?.replace(/^:|:$/g, '');
  if (name !== undefined && (call.workspace.emoji.has(name) || isStandardEmoji(name))) return name;
  throw new SlackApiError('invalid_name');
}
