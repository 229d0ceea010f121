import { isRecord } from './slack-payload.ts';

/** Where an answer goes. */
export interface Conversation {
  readonly channel?: string;
  /** The thread the message is in; for a mention outside of a thread, the one that the answer begins. */
  readonly threadTs?: string;
}

/** Finds the conversation that a payload belongs to. Empty ids count as absent. */
export function conversationOf(payload: Readonly<Record<string, unknown>>): Conversation {
  const event = isRecord(payload['event']) ? payload['event'] : payload;
  const item = record(event['item']);
  const assistant = record(event['assistant_thread']);
  const container = record(event['container']);
  const message = record(event['message']);

  const channel = first(
    event['channel'],
    record(event['channel'])['id'],
    event['channel_id'],
    item['channel'],
    assistant['channel_id'],
    container['channel_id'],
  );
  const threadTs = first(
    event['thread_ts'],
    message['thread_ts'],
    container['thread_ts'],
    assistant['thread_ts'],
    event['type'] === 'app_mention' ? event['ts'] : undefined,
  );
  return { ...(channel && { channel }), ...(threadTs && { threadTs }) };
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function first(...candidates: unknown[]): string | undefined {
  return candidates.find((value): value is string => typeof value === 'string' && value !== '');
}
