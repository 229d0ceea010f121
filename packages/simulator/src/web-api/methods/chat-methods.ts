import { compact, type JsonObject } from '../../json.ts';
import { SlackApiError } from '../../slack-api-error.ts';
import type { Channel, Message } from '../../workspace/model.ts';
import { renderMessage } from '../../workspace/render-message.ts';
import type { Call } from '../call.ts';
import { fitText, MAX_UPDATED_TEXT } from '../fit-text.ts';
import type { Method } from '../method.ts';
import { permalink } from '../permalink.ts';
import { messageContent, threadTs, unfurl } from './message-arguments.ts';

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': {
    tier: 'post',
    scopes: ['chat:write'],
    // Slack names the scope of classic apps here (reported in slackapi/bolt-js#2182).
    missingScope: ({ missingPostScope }) => missingPostScope,
    acceptsJson: true,
    run(call) {
      const { workspace } = call;
      const channel = call.writableChannel();
      const { text, ...fields } = messageContent(call);
      const options = { ...fields, ...customAuthor(call), ...unfurl(call) };
      const parts = fields.blocks ? [text] : fitText(text, workspace.behavior.longText);
      const lost = lostThread(call);
      if (lost) return { channel: channel.id, ...lost };
      const [message] = parts.map((part) =>
        workspace.postMessage(channel.id, call.caller, {
          text: part,
          threadTs: threadTs(call),
          orphaned: workspace.behavior.orphanedReply,
          broadcast: call.flag('reply_broadcast'),
          fields: options,
        }),
      ) as [Message];
      return { channel: channel.id, ts: message.ts, message: renderMessage(workspace, channel, message) };
    },
  },
  // https://docs.slack.dev/reference/methods/chat.meMessage
  'chat.meMessage': {
    tier: 3,
    scopes: ['chat:write'],
    acceptsJson: true,
    run(call) {
      const channel = call.writableChannel();
      const text = call.text('text');
      if (text === undefined) throw new SlackApiError('no_text');
      const fields = { subtype: 'me_message' };
      const { ts } = call.workspace.postMessage(channel.id, call.caller, { text, fields });
      return { channel: channel.id, ts };
    },
  },
  'chat.update': {
    tier: 3,
    scopes: ['chat:write'],
    acceptsJson: true,
    run(call) {
      const channel = call.visibleChannel();
      const { ts } = ownMessage(call, channel, 'cant_update_message');
      const changes = messageContent(call);
      if (changes.text.length > MAX_UPDATED_TEXT) throw new SlackApiError('msg_too_long');
      const message = call.workspace.updateMessage(channel.id, ts, call.caller, changes);
      return { channel: channel.id, ts, text: message.text, message: renderMessage(call.workspace, channel, message) };
    },
  },
  'chat.delete': {
    tier: 3,
    scopes: ['chat:write'],
    acceptsJson: true,
    run(call) {
      const channel = call.visibleChannel();
      const { ts } = ownMessage(call, channel, 'cant_delete_message');
      call.workspace.deleteMessage(channel.id, ts);
      return { channel: channel.id, ts };
    },
  },
  'chat.postEphemeral': {
    tier: 4,
    scopes: ['chat:write'],
    acceptsJson: true,
    run(call) {
      const channel = call.writableChannel();
      const user = call.requiredText('user');
      if (!channel.members.has(user)) throw new SlackApiError('user_not_in_channel');
      const { text, blocks } = messageContent(call);
      const ts = call.workspace.clock.nextTs();
      const shown = compact({ channel: channel.id, user, ts, text, blocks, thread_ts: threadTs(call) });
      call.workspace.ephemeralMessages.push(shown as typeof shown & { thread_ts: string });
      return { message_ts: ts };
    },
  },
  'chat.getPermalink': {
    tier: 'post',
    scopes: [],
    acceptsJson: false,
    run(call) {
      const channel = call.visibleChannel();
      const message = call.workspace.message(channel.id, call.requiredText('message_ts'));
      return { channel: channel.id, permalink: permalink(call.workspace, channel, message) };
    },
  },
};

/**
 * Returns the response for a `thread_ts` with missing digits. Slack accepts such a `thread_ts`, but the message appears
 * neither in the channel nor in a thread (reported in slackapi/python-slack-sdk#840).
 */
function lostThread(call: Call): JsonObject | undefined {
  const value = call.text('thread_ts');
  if (value === undefined || !/^\d+(\.\d{0,5})?$/.test(value)) return undefined;
  const { bot, clock } = call.workspace;
  const ts = clock.nextTs();
  const text = call.text('text') ?? '';
  return {
    ts,
    message: { type: 'message', user: bot.userId, bot_id: bot.botId, app_id: bot.appId, text, ts, thread_ts: value },
  };
}

/**
 * Returns the author fields of a message that is posted under another name. A message under another name is a
 * `bot_message` without a user, and needs an additional scope.
 */
function customAuthor(call: Call): Partial<Message> {
  const username = call.text('username');
  const emoji = call.text('icon_emoji');
  const url = call.text('icon_url');
  if (username === undefined && emoji === undefined && url === undefined) return {};
  call.requireScope('chat:write.customize');
  const icons = compact({ emoji, image_48: url }) as Record<string, string>;
  return { subtype: 'bot_message', username: username ?? call.workspace.bot.name, icons };
}

function ownMessage(call: Call, channel: Channel, refusal: string): Message {
  const message = call.workspace.message(channel.id, call.requiredText('ts'));
  if (message.bot_id !== call.workspace.bot.botId) throw new SlackApiError(refusal);
  return message;
}
