import { type JsonObject, type MessageMetadata, type QueueMessage, silentLogger } from '@slack-mcp/core';
import type { ResponseMessage } from '@slack-mcp/slack';
import { createContext, type HandlerContext } from '../../src/handler-context.ts';
import { clientOfStub } from '../../src/testing/slack-stub.ts';

/** A message in flight, for tests without a queue. */
export function message(payload: JsonObject, metadata: Partial<MessageMetadata> = {}): QueueMessage {
  return {
    payload,
    metadata: {
      messageId: 'Ev1',
      timestamp: 0,
      retryCount: 0,
      deliveryCount: 1,
      key: 'slack_events',
      headers: {},
      ...metadata,
    },
    signal: new AbortController().signal,
    ack: async () => {},
    nack: async () => {},
    deadLetter: async () => {},
  };
}

/** The context of a message, with a Slack client that records its calls. */
export function contextOf(
  payload: JsonObject,
  metadata: Partial<MessageMetadata> = {},
  onResponse?: (message: ResponseMessage) => void,
): HandlerContext & { calls: [string, Readonly<Record<string, unknown>> | undefined][] } {
  const calls: [string, Readonly<Record<string, unknown>> | undefined][] = [];
  const context = createContext(message(payload, metadata), {
    slack: clientOfStub(
      {
        call: async (method, args) => {
          calls.push([method, args]);
          return { ok: true };
        },
      },
      onResponse,
    ),
    logger: silentLogger,
    signal: new AbortController().signal,
  });
  return Object.assign(context, { calls });
}

/** An Events API envelope. */
export function envelope(event: JsonObject & { type: string }, eventId = 'Ev1'): JsonObject {
  return { type: 'event_callback', team_id: 'T1', api_app_id: 'A1', event_id: eventId, event_time: 1, event };
}
