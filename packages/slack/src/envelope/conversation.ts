import { recordOf } from './json-record.ts';

/** Where something happened, and an answer goes. */
export interface Conversation {
  /** The id of a channel, private channel or direct message. */
  readonly channel?: string;
  /** The thread the message is in; for a mention outside of a thread, the one that the answer begins. */
  readonly threadTs?: string;
}

/** What Slack puts in the place of a channel for links in a message that is still being written. */
const COMPOSER = 'COMPOSER';

/** Whether a value is the id of a conversation: `C…`, `G…` or `D…`. */
export function isChannelId(value: unknown): value is string {
  return typeof value === 'string' && value !== COMPOSER && /^[CDG][A-Z0-9]{1,63}$/.test(value);
}

/** Finds the conversation that a payload belongs to. Only what is the id of one counts. */
export function conversationOf(payload: Readonly<Record<string, unknown>>): Conversation {
  const event = recordOf(payload['event'] ?? payload);
  const channel = channelOf(event);
  const threadTs = threadOf(event);
  return { ...(channel !== undefined && { channel }), ...(threadTs !== undefined && { threadTs }) };
}

/** The channel alone: what keeps the order of events. */
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

/** The thread that an answer belongs to. */
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
