import { type JsonObject, type MessageMetadata, type QueueMessage, silentLogger } from '@slack-mcp/core';
import { createContext, type HandlerContext, type PostResponse } from '../../src/handler-context.ts';

/** A message in hand, for what is tested without a queue. */
export function message(payload: JsonObject, metadata: Partial<MessageMetadata> = {}): QueueMessage {
  return {
    payload,
    metadata: { messageId: 'Ev1', timestamp: 0, retryCount: 0, key: 'slack_events', headers: {}, ...metadata },
    signal: new AbortController().signal,
    ack: async () => {},
    nack: async () => {},
    deadLetter: async () => {},
  };
}

/** The context of a message, with a Slack client that keeps what it is called with. */
export function contextOf(
  payload: JsonObject,
  metadata: Partial<MessageMetadata> = {},
  postResponse?: PostResponse,
): HandlerContext & { calls: [string, Readonly<Record<string, unknown>> | undefined][] } {
  const calls: [string, Readonly<Record<string, unknown>> | undefined][] = [];
  const context = createContext(message(payload, metadata), {
    slack: {
      call: async (method, args) => {
        calls.push([method, args]);
        return { ok: true };
      },
    },
    logger: silentLogger,
    signal: new AbortController().signal,
    ...(postResponse && { postResponse }),
  });
  return Object.assign(context, { calls });
}

/** An Events API envelope. */
export function envelope(event: JsonObject & { type: string }, eventId = 'Ev1'): JsonObject {
  return { type: 'event_callback', team_id: 'T1', api_app_id: 'A1', event_id: eventId, event_time: 1, event };
}
