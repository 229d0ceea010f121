import type { SlackEvent } from '@slack/types';
import type { JsonObject, Logger, MessageMetadata, QueueMessage } from '@slack-mcp/core';
import {
  describeEnvelope,
  type EnvelopeFacts,
  type Incoming,
  isRecord,
  type MessageFacts,
  messageFactsOf,
  type ResponseMessage,
  readPayload,
  type SlackAnswer,
  type SlackArguments,
  type SlackClient,
  type SlackEnvelope,
  type SlackInteraction,
} from '@slack-mcp/slack';
import { withFields } from './with-fields.ts';
import { withSignal } from './with-signal.ts';

/** A message for `say`, whose channel and thread default to the channel and thread of the event. */
export type SayMessage = Conversational<SlackArguments<'chat.postMessage'>>;

type Conversational<A> = A extends A
  ? Omit<A, 'channel' | 'thread_ts'> & {
      /** Default: the channel of the event. */
      readonly channel?: string | undefined;
      /** Default: the thread of the event. An explicit `undefined` posts outside the thread. */
      readonly thread_ts?: string | undefined;
    }
  : never;

/** The context that a handler receives in addition to its event. */
export interface HandlerContext {
  /** The payload from Slack. */
  readonly envelope: SlackEnvelope;
  /**
   * The inner event; absent for commands and interactions. Slack may send types that `@slack/types` does not include.
   */
  readonly event?: SlackEvent;
  /** Who wrote the message and what happened to it; present only for messages and mentions. */
  readonly message?: MessageFacts;
  /** How the server answered a submitted view, if that was known before the view was queued. */
  readonly viewAnswer?: 'accepted' | 'refused';
  readonly metadata: MessageMetadata;
  /** Previous failures of this message in this group. 0 for the first delivery. */
  readonly retryCount: number;
  /** A logger that adds the ids of the message and the event to every entry. */
  readonly logger: Logger;
  /**
   * Aborted when the consumer stops waiting for the handler: after a timeout, at the end of the drain time, or when
   * another worker receives the message.
   */
  readonly signal: AbortSignal;
  /** Slack's Web API, in the workspace of the event. Calls of this client end when `signal` is aborted. */
  readonly slack: SlackClient;
  /**
   * Posts to the conversation of the event: to its thread or, for a mention outside a thread, to a thread on the
   * mention. Slack does not unfurl the links in the message. If `message` is an object, its fields override these
   * defaults.
   *
   * @throws Error - the event has no channel, and the message does not set one
   * @throws SlackError - Slack did not accept the message
   */
  say(message: string | SayMessage): Promise<SlackAnswer<'chat.postMessage'>>;
  /**
   * Answers a command or interaction through its `response_url`; for a submitted view, through the first of its
   * response URLs. Slack accepts five answers within 30 minutes.
   *
   * @throws Error - there is no `response_url`
   * @throws SlackResponseError - the URL is not Slack's, or Slack did not accept the message
   */
  respond(message: string | ResponseMessage): Promise<void>;
}

/** The context of handlers for actions, views, shortcuts and options requests. */
export interface InteractionContext extends HandlerContext {
  readonly envelope: SlackInteraction;
}

/** Creates the context of one message. */
export function createContext(
  message: Pick<QueueMessage, 'payload' | 'metadata'>,
  options: { slack: SlackClient; logger: Logger; signal: AbortSignal },
): HandlerContext {
  const { payload, metadata } = message;
  const { signal } = options;
  const incoming = readPayload(payload);
  const facts = describeEnvelope(payload);
  const written = messageFactsOf(payload);
  const slack = withSignal(options.slack.forTeam(facts.team), signal);
  return {
    envelope: payload,
    ...(incoming.kind === 'event' && { event: incoming.event as unknown as SlackEvent }),
    ...(written && { message: written }),
    ...viewAnswerOf(metadata),
    metadata,
    retryCount: metadata.retryCount,
    logger: withFields(options.logger, logFields(facts, metadata, incoming)),
    signal,
    slack,
    say: async (said) => {
      const args = {
        ...address(facts),
        unfurl_links: false,
        unfurl_media: false,
        ...(typeof said === 'string' ? { text: said } : said),
      };
      if (!args.channel)
        throw new Error(`${incoming.name} has no channel: pass one, as in say({ channel: 'C…', text: '…' })`);
      return slack.call('chat.postMessage', args as SlackArguments<'chat.postMessage'>);
    },
    respond: async (said) => slack.respond(responseUrl(payload), typeof said === 'string' ? { text: said } : said),
  };
}

/** Returns how the server answered a submitted view. A view is published even if the server rejected it. */
function viewAnswerOf({ headers }: MessageMetadata): Pick<HandlerContext, 'viewAnswer'> {
  const answer = headers['x-view-answer'];
  return answer === 'accepted' || answer === 'refused' ? { viewAnswer: answer } : {};
}

function address({ channel, threadTs }: EnvelopeFacts): { channel?: string; thread_ts?: string } {
  return { ...(channel !== undefined && { channel }), ...(threadTs !== undefined && { thread_ts: threadTs }) };
}

function responseUrl(payload: JsonObject): string {
  const { response_url, response_urls } = payload;
  // A submitted view has one for each input that selects a conversation and has `response_url_enabled`.
  const [first] = Array.isArray(response_urls) ? response_urls : [];
  const url = response_url ?? (isRecord(first) ? first['response_url'] : undefined);
  if (typeof url === 'string' && url !== '') return url;
  throw new Error(`no response_url: ${whyNoResponse(payload)}`);
}

/**
 * Returns why a payload has no `response_url` and what to do instead. Slack sends a `response_url` only for some types
 * of payloads.
 */
function whyNoResponse({ type }: JsonObject): string {
  switch (type) {
    case 'view_submission':
      return "a submitted view has one only for an input with response_url_enabled: true; otherwise use slack.call('chat.postMessage', { channel: envelope.user.id, text: '…' })";
    case 'view_closed':
    case 'block_suggestion':
    case 'dialog_suggestion':
      return `Slack sends none for ${type}: use slack.call('chat.postMessage', { channel: envelope.user.id, text: '…' })`;
    case 'shortcut':
      return "a global shortcut belongs to no conversation: use slack.call('chat.postMessage', { channel: envelope.user.id, text: '…' })";
    case 'block_actions':
      return "the action was in a modal or on the home tab: use slack.call('views.update', { … }) or say({ channel: '…', text: '…' })";
    default:
      return 'respond() works only for commands and interactions: use say()';
  }
}

function logFields({ eventId }: EnvelopeFacts, metadata: MessageMetadata, incoming: Incoming): object {
  const correlationId = metadata.headers['x-correlation-id'];
  return {
    ...(correlationId !== undefined && { correlationId }),
    messageId: metadata.messageId,
    ...(eventId !== undefined && { eventId }),
    eventType: incoming.name,
    attempt: metadata.retryCount + 1,
  };
}
