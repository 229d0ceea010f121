import type { JsonObject } from '../json.ts';
import { SIMULATOR_IDS } from './simulator-ids.ts';

const { user, channel, team, bot, privateChannel, directMessage } = SIMULATOR_IDS;

/**
 * Returns default values for the required fields of a `message` event with the subtype in `fields`. The values of
 * `channel` and `channel_type` match.
 */
export function messageDefaults(fields: JsonObject, ts: string): JsonObject {
  const place = { channel: channelOf(fields.channel_type), channel_type: typeOf(fields.channel) };
  const said = { text: 'Hello', ts, team };
  switch (fields.subtype) {
    case undefined:
      return { user, ...said, ...place };
    case 'bot_message':
      return { bot_id: bot, username: 'simulator', text: said.text, ts, ...place };
    case 'message_changed':
      return {
        hidden: true,
        ts,
        message: original(ts, 'Hello again'),
        previous_message: original(ts, 'Hello'),
        ...place,
      };
    case 'message_deleted':
      return { hidden: true, ts, deleted_ts: ts, previous_message: original(ts, 'Hello'), ...place };
    case 'message_replied':
      return {
        hidden: true,
        ts,
        message: { ...original(ts, 'Hello'), thread_ts: ts, reply_count: 1, replies: [] },
        ...place,
      };
    case 'thread_broadcast':
      return {
        user,
        ...said,
        thread_ts: ts,
        client_msg_id: '00000000-0000-4000-8000-000000000000',
        root: {
          ...original(ts, 'Hello'),
          thread_ts: ts,
          reply_count: 1,
          reply_users_count: 1,
          latest_reply: ts,
          reply_users: [user],
        },
        ...place,
      };
    case 'file_share':
      return { user, text: said.text, ts, files: [sharedFile(ts)], upload: false, display_as_bot: false, ...place };
    case 'channel_topic':
      return { user, text: `<@${user}> set the channel topic: Topic`, topic: 'Topic', ts, ...place };
    case 'channel_purpose':
      return { user, text: `<@${user}> set the channel description: Purpose`, purpose: 'Purpose', ts, ...place };
    case 'channel_name':
      return { user, ...said, name: 'renamed', old_name: 'general', ...place };
    default:
      return { user, ...said, ...place };
  }
}

/** Returns a message that is nested in a message event. Slack omits the channel in a nested message. */
function original(ts: string, text: string): JsonObject {
  return { type: 'message', user, text, ts, team };
}

function channelOf(channelType: unknown): string {
  if (channelType === 'im' || channelType === 'app_home') return directMessage;
  return channelType === 'group' || channelType === 'mpim' ? privateChannel : channel;
}

function typeOf(channelId: unknown): string {
  if (typeof channelId === 'string' && channelId.startsWith('D')) return 'im';
  return channelId === privateChannel || (typeof channelId === 'string' && channelId.startsWith('G'))
    ? 'group'
    : 'channel';
}

function sharedFile(ts: string): JsonObject {
  return {
    id: 'F0SIMULATR',
    created: Number(ts.split('.')[0]),
    name: 'notes.txt',
    title: 'notes.txt',
    mimetype: 'text/plain',
    filetype: 'text',
    pretty_type: 'Plain Text',
    user,
    editable: true,
    size: 5,
    mode: 'snippet',
    is_external: false,
    external_type: '',
    is_public: true,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: 'https://files.slack.com/files-pri/T0SIMULATR-F0SIMULATR/notes.txt',
    permalink: 'https://simulator.slack.com/files/U0ALICE001/F0SIMULATR/notes.txt',
  };
}
