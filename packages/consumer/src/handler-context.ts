import type { SlackEvent } from '@slack/types';
import type { JsonObject, Logger, MessageMetadata, QueueMessage, SlackClient } from '@slack-mcp/core';
import { conversationOf } from './conversation.ts';
import type { SlackInteraction } from './interaction.ts';
import { type Incoming, isRecord, readPayload, type SlackEnvelope } from './slack-payload.ts';
import { withFields } from './with-fields.ts';

/** What a handler is given besides its event. */
export interface HandlerContext {
  /** What Slack sent. */
  readonly envelope: SlackEnvelope;
  /** The inner event; absent for commands and interactions. Slack may send types that its package does not name. */
  readonly event?: SlackEvent;
  readonly metadata: MessageMetadata;
  /** Earlier deliveries of this message to this group; 0 on the first one. */
  readonly retryCount: number;
  /** Adds the message's and the event's id to every entry. */
  readonly logger: Logger;
  /** Aborted when nobody waits for the handler any more: timed out, message lost to another worker, drain time over. */
  readonly signal: AbortSignal;
  /** Slack's Web API. Its calls end when `signal` is aborted. */
  readonly slack: SlackClient;
  /**
   * Posts to the conversation of the event: into the thread it belongs to, and for a mention outside of one, into the
   * mention's thread. Links are not unfurled. Given an object, its fields win over these.
   *
   * @throws Error - the event has no channel and none is given
   */
  say(message: string | Readonly<Record<string, unknown>>): Promise<JsonObject>;
  /**
   * Answers a command or interaction through its `response_url`, the first one of a submitted view; Slack takes five answers within 30 minutes.
   *
   * @throws Error - there is no `response_url`, or Slack refuses
   */
  respond(message: string | Readonly<Record<string, unknown>>): Promise<void>;
}

/** What the handlers of actions, views, shortcuts and options requests are given. */
export interface InteractionContext extends HandlerContext {
  readonly envelope: SlackInteraction;
}

/** Posts a body to a `response_url`. */
export type PostResponse = (
  url: string,
  body: Readonly<Record<string, unknown>>,
  options: { signal: AbortSignal },
) => Promise<void>;

/** Makes the context of one message. */
export function createContext(
  message: Pick<QueueMessage, 'payload' | 'metadata'>,
  options: { slack: SlackClient; postResponse?: PostResponse; logger: Logger; signal: AbortSignal },
): HandlerContext {
  const { payload, metadata } = message;
  const { signal, postResponse = post } = options;
  const incoming = readPayload(payload);
  const slack: SlackClient = {
    call: (method, args, callOptions) => options.slack.call(method, args, { signal, ...callOptions }),
  };
  return {
    envelope: payload,
    ...(incoming.kind === 'event' && { event: incoming.event as unknown as SlackEvent }),
    metadata,
    retryCount: metadata.retryCount,
    logger: withFields(options.logger, logFields(payload, metadata, incoming)),
    signal,
    slack,
    say: async (said) => {
      const args: Record<string, unknown> = {
        ...address(payload),
        unfurl_links: false,
        unfurl_media: false,
        ...asObject(said),
      };
      if (!args['channel']) throw new Error(`${incoming.name} has no channel: say({ channel: 'C…', text: '…' })`);
      return slack.call('chat.postMessage', args);
    },
    respond: async (said) => postResponse(responseUrl(payload), asObject(said), { signal }),
  };
}

function address(payload: JsonObject): Record<string, unknown> {
  const { channel, threadTs } = conversationOf(payload);
  return { channel, ...(threadTs && { thread_ts: threadTs }) };
}

function asObject(said: string | Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return typeof said === 'string' ? { text: said } : said;
}

function responseUrl({ response_url, response_urls }: JsonObject): string {
  // A submitted view has one for each of its inputs that ask for a conversation and for this.
  const [first] = Array.isArray(response_urls) ? response_urls : [];
  const url = response_url ?? (isRecord(first) ? first['response_url'] : undefined);
  if (typeof url === 'string' && url !== '') return url;
  throw new Error('no response_url: only commands and interactions can be responded to, use say()');
}

const post: PostResponse = async (url, body, { signal }) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    signal,
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Slack refused the response: HTTP ${response.status}`);
};

function logFields(payload: JsonObject, metadata: MessageMetadata, incoming: Incoming): object {
  const { event_id: eventId } = payload;
  const correlationId = metadata.headers['x-correlation-id'];
  return {
    ...(correlationId !== undefined && { correlationId }),
    messageId: metadata.messageId,
    ...(typeof eventId === 'string' && eventId !== '' && { eventId }),
    eventType: incoming.name,
    attempt: metadata.retryCount + 1,
  };
}
