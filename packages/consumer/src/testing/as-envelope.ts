import { randomUUID } from 'node:crypto';
import { decodePayload, encodePayload, type JsonObject } from '@slack-mcp/core';
import { isRecord, readPayload } from '@slack-mcp/slack';

/** The default `response_url` of commands and interactions. */
const RESPONSE_URL = 'https://hooks.slack.com/actions/T0TEST/1/handle';

/**
 * Returns what a queue would deliver for an event: the payload itself if Slack sends it that way, otherwise an envelope
 * around it.
 */
export function asEnvelope(event: object): JsonObject {
  if (!isRecord(event))
    throw new TypeError('handle: the event must be an object (for example { type: "app_mention" })');
  const { kind } = readPayload(event);
  const isInnerEvent = kind === 'other' && typeof event['type'] === 'string' && event['type'] !== 'event_callback';
  const payload = isInnerEvent
    ? envelope(event)
    : hasResponseUrl(event)
      ? { response_url: RESPONSE_URL, ...event }
      : event;
  // Encoded as JSON, as in a queue: undefined fields disappear, and values that are not JSON are rejected.
  return decodePayload(Buffer.from(encodePayload(payload as JsonObject, null)));
}

/**
 * Whether Slack sends this payload with a `response_url`: global shortcuts, views and interactions in views have none.
 */
function hasResponseUrl({ type, command, view, container }: Readonly<Record<string, unknown>>): boolean {
  if (typeof command === 'string') return true;
  if (type === 'block_actions') return !isRecord(view) && !(isRecord(container) && container['type'] === 'view');
  return (
    type === 'message_action' ||
    type === 'interactive_message' ||
    type === 'dialog_submission' ||
    type === 'dialog_cancellation'
  );
}

function envelope(event: object): object {
  return {
    type: 'event_callback',
    team_id: 'T0TEST',
    api_app_id: 'A0TEST',
    event_id: `Ev${randomUUID()}`,
    event_time: Math.floor(Date.now() / 1000),
    event,
  };
}
