import { recordOf } from './json-record.ts';

/** The conversation of an event, to which an app posts its answer. */
export interface Conversation {
  /** The id of a channel, private channel or direct message. */
  readonly channel?: string;
  /** The thread of the message or, for a mention outside a thread, the thread that an answer starts. */
  readonly threadTs?: string;
}

/** Slack's placeholder for the channel of links in an unfinished message. */
const COMPOSER = 'COMPOSER';

/** Whether a value is the id of a conversation, such as `C…`, `G…` or `D…`. */
export function isChannelId(value: unknown): value is string {
  return typeof value === 'string' && value !== COMPOSER && /^[CDG][A-Z0-9]{1,63}$/.test(value);
}

/** Finds the conversation of a payload. Ignores values that are not ids of conversations. */
export function conversationOf(payload: Readonly<Record<string, unknown>>): Conversation {
  const event = recordOf(payload['event'] ?? payload);
  const channel = channelOf(event);
  const threadTs = threadOf(event);
  return { ...(channel !== undefined && { channel }), ...(threadTs !== undefined && { threadTs }) };
}

/** Returns the channel of an event. Events of one channel are kept in order. */
export function channelOf(event: Readonly<Record<string, unknown>>): string | undefined {
  const { channel } = event;
  if (isChannelId(channel)) return channel;
  const candidates = [
    recordOf(channel)['id'],
    event['channel_id'],
    recordOf(event['item'])['channel'],
    recordOf(event['assistant_thread'])['channel_id'],
    recordOf(event['container'])['channel_id'],
  ];
  return candidates.find(isChannelId);
}

/** Returns the thread in which to post an answer. */
export function threadOf(event: Readonly<Record<string, unknown>>): string | undefined {
  const candidates = [
    event['thread_ts'],
    recordOf(event['message'])['thread_ts'],
    recordOf(event['container'])['thread_ts'],
    recordOf(event['assistant_thread'])['thread_ts'],
    event['type'] === 'app_mention' ? event['ts'] : undefined,
  ];
  return candidates.find((value): value is string => typeof value === 'string' && value !== '');
}
