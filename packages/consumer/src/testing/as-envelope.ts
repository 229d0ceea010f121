import { randomUUID } from 'node:crypto';
import { decodePayload, encodePayload, type JsonObject } from '@slack-mcp/core';
import { isRecord, readPayload } from '@slack-mcp/slack';

/** What a queue would hand out for an event: itself if it is what Slack sends, else an envelope around it. */
export function asEnvelope(event: object): JsonObject {
  if (!isRecord(event)) throw new TypeError('handle: the event is not an object (for example { type: "app_mention" })');
  const { kind } = readPayload(event);
  const isInnerEvent = kind === 'other' && typeof event['type'] === 'string' && event['type'] !== 'event_callback';
  const payload = isInnerEvent ? envelope(event) : event;
  // As JSON, as it would travel: what is undefined is gone, what is no JSON is refused.
  return decodePayload(Buffer.from(encodePayload(payload as JsonObject, null)));
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
