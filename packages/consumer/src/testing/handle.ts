import { randomUUID } from 'node:crypto';
import type { JsonObject, MessageMetadata, QueueMessage, Worker } from '@slack-mcp/core';
import { describeEnvelope, messageIdOf } from '@slack-mcp/slack';
import { Consumer } from '../consumer.ts';
import { asEnvelope } from './as-envelope.ts';
import type { HandleOutcome, SlackCall } from './handle-outcome.ts';
import { recordLog } from './record-log.ts';
import { agreeableSlack, clientOfStub, type SlackStub } from './slack-stub.ts';

/** Options of `handle`. */
export interface HandleOptions {
  /** Number of earlier failures of the message. Default 0, as for the first delivery. */
  readonly retryCount?: number;
  /** Answers the calls of the Web API. By default, every call returns `{ ok: true }`. */
  readonly slack?: SlackStub;
  /** Metadata of the message. */
  readonly metadata?: Partial<Omit<MessageMetadata, 'retryCount' | 'group'>>;
}

/**
 * Passes an event through a consumer as if it came from its queue, with the consumer's own middleware, handlers,
 * timeout and retry policy. Nothing is sent anywhere, and the consumer does not have to be started.
 *
 * @param consumer - a consumer from `createConsumer`, or the worker that a worker file returns
 * @param event - a payload from Slack (envelope, command or interaction), or an inner event, which is wrapped in an envelope
 * @throws TypeError - the first argument is not a consumer, or the second is not an event
 */
export async function handle(consumer: Worker, event: object, options: HandleOptions = {}): Promise<HandleOutcome> {
  if (!(consumer instanceof Consumer))
    throw new TypeError('handle: the first argument must be a consumer (for example from createConsumer)');
  const { retryCount = 0, slack = agreeableSlack } = options;
  const calls: SlackCall[] = [];
  const responses: JsonObject[] = [];
  const { logger, log } = recordLog();
  const recording = clientOfStub(
    {
      call: (method, args = {}, callOptions) => {
        calls.push({ method, args: args as JsonObject });
        return slack.call(method, args, callOptions);
      },
    },
    (message) => responses.push(message as JsonObject),
  );
  const message = messageOf(asEnvelope(event), { ...options.metadata, retryCount }, consumer.group);
  const outcome = await Consumer.deliver(consumer, message, { slack: recording, logger });
  const handled = {
    unmatched: log.some((entry) => entry.message === 'event_unmatched'),
    said: calls.filter(({ method }) => method === 'chat.postMessage').map(({ args }) => args),
    responses,
    calls,
    log,
  };
  if (outcome.action === 'ack') return { ...handled, settled: 'ack' };
  const { error } = outcome;
  if (outcome.action === 'dead-letter') return { ...handled, settled: 'deadLetter', code: outcome.code, error };
  return { ...handled, settled: 'nack', delayMs: outcome.action === 'retry' ? outcome.delayMs : 0, error };
}

function messageOf(payload: JsonObject, metadata: Partial<MessageMetadata>, group: string | undefined): QueueMessage {
  const settled = async (): Promise<void> => {};
  return {
    payload,
    metadata: {
      messageId: messageIdOf(describeEnvelope(payload)) ?? randomUUID(),
      timestamp: Date.now(),
      retryCount: 0,
      deliveryCount: 1 + (metadata.retryCount ?? 0),
      key: 'slack_events',
      headers: {},
      ...metadata,
      ...(group !== undefined && { group }),
    },
    signal: new AbortController().signal,
    ack: settled,
    nack: settled,
    deadLetter: settled,
  };
}
