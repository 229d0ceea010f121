import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { QueueBackend } from '../../contract/backend.ts';
import type { MessageMetadata } from '../../contract/message.ts';
import { HANDLED_CHANNEL, type HandledMessage } from '../../metrics/worker-metrics.ts';
import { redactSecrets } from '../../text/redact-secrets.ts';
import type { GroupActivity } from '../groups/group-activity.ts';
import type { LiveConsumers } from '../groups/live-consumers.ts';
import { ATTEMPT_CHANNEL, type AttemptStarted, CONSUMER_CHANNEL, type ConsumerChange } from './consumer-channels.ts';
import type { EventFacts, TimelineEntry } from './event-timeline.ts';
import type { TimelineRecorder } from './timeline-recorder.ts';

/** Where to record what consumers do. */
export interface ConsumerObservers {
  readonly recorder: TimelineRecorder;
  readonly activity: GroupActivity;
  readonly consumers: LiveConsumers;
}

const STEPS = { ack: 'handled', retry: 'retry', 'dead-letter': 'dead_lettered', 'hand-back': 'handed_back' } as const;

/**
 * Records what the consumers of a backend do in this process.
 *
 * @returns a function that stops recording
 */
export function observeConsumers(
  backend: QueueBackend,
  { recorder, activity, consumers }: ConsumerObservers,
): () => void {
  function onAttempt(message: unknown): void {
    const { backend: source, metadata } = message as AttemptStarted;
    if (source !== backend) return;
    activity.started(metadata.group ?? '');
    recorder.record(factsOf(metadata), { step: 'attempt', at: Date.now(), ...attemptOf(metadata) });
  }

  function onHandled(message: unknown): void {
    const { backend: source, outcome, durationMs, context, ...rest } = message as HandledMessage;
    if (source !== backend) return;
    const { metadata } = context;
    activity.ended(metadata.group ?? '', outcome);
    const entry: TimelineEntry = {
      step: STEPS[outcome],
      at: Date.now(),
      ...attemptOf(metadata),
      durationMs: Math.round(durationMs),
      ...(rest.delayMs !== undefined && { delayMs: Math.round(rest.delayMs) }),
      ...(rest.error !== undefined && { error: shown(rest.error) }),
      ...(rest.code !== undefined && { code: shown(rest.code) }),
    };
    recorder.record(factsOf(metadata), entry);
  }

  function onChange(message: unknown): void {
    const { backend: source, consumer, state } = message as ConsumerChange;
    if (source !== backend) return;
    if (state === 'started') consumers.add(consumer);
    else consumers.delete(consumer);
  }

  const channels = [
    [ATTEMPT_CHANNEL, onAttempt],
    [HANDLED_CHANNEL, onHandled],
    [CONSUMER_CHANNEL, onChange],
  ] as const;
  for (const [name, listener] of channels) subscribe(name, listener);
  return () => {
    for (const [name, listener] of channels) unsubscribe(name, listener);
  };
}

/** Returns the facts about an event from the headers that the server publishes with it. */
export function factsOf(metadata: Pick<MessageMetadata, 'messageId' | 'key' | 'headers' | 'orderingKey'>): EventFacts {
  const { messageId, key, headers, orderingKey } = metadata;
  const { 'x-slack-event-id': eventId, kind } = headers;
  return {
    messageId,
    key,
    ...(eventId !== undefined && { eventId }),
    ...(kind !== undefined && { type: kind }),
    ...(orderingKey !== undefined && { channel: orderingKey }),
  };
}

function attemptOf({ group, retryCount }: MessageMetadata): Pick<TimelineEntry, 'group' | 'attempt'> {
  return { ...(group !== undefined && { group }), attempt: retryCount + 1 };
}

const redact = redactSecrets([]);

/** A name or code as every operator may see it: without Slack tokens. */
function shown(text: string): string {
  return redact(text).slice(0, 100);
}
