import { createHash, randomUUID } from 'node:crypto';
import type { JsonObject, JsonValue } from '@slack-mcp/core';

/** How Slack sends it and what it expects as an answer. */
export type DeliveryFamily = 'event' | 'interaction' | 'command';

/** One thing that Slack sent, whatever brought it. */
export interface Delivery {
  readonly family: DeliveryFamily;
  /** `app_mention`, `message`, `block_actions`, `view_submission`, `slash_command`, …; at most 128 characters of it. */
  readonly kind: string;
  /** Slack's envelope, equal as JSON to what came. */
  readonly payload: JsonObject;
  /**
   * `event_id`, else `trigger_id`. Of an event that has neither, the SHA-256 of the raw body: the same when Slack sends
   * it again. What Slack never sends again has an id of its own without them: two equal ones are two things that a user
   * did.
   */
  readonly messageId: string;
  /** The channel it happened in, where there is one. */
  readonly channel?: string;
}

/**
 * Reads off an envelope what the queue needs to know of it.
 *
 * @returns `undefined` when the envelope does not say what it is
 */
export function describeDelivery(family: DeliveryFamily, payload: JsonObject, raw: Uint8Array): Delivery | undefined {
  const kind = kindOf(family, payload);
  if (kind === undefined) return undefined;
  const messageId = identity(payload['event_id']) ?? identity(payload['trigger_id']) ?? idWithout(family, raw);
  const channel = identity(channelOf(payload));
  return { family, kind, payload, messageId, ...(channel === undefined ? {} : { channel }) };
}

function idWithout(family: DeliveryFamily, raw: Uint8Array): string {
  return family === 'event' ? createHash('sha256').update(raw).digest('hex') : randomUUID();
}

function kindOf(family: DeliveryFamily, payload: JsonObject): string | undefined {
  if (family === 'command') return 'slash_command';
  if (family === 'event' && (payload['type'] === 'event_callback' || 'event' in payload)) {
    return label(member(payload['event'], 'type'));
  }
  return label(payload['type']);
}

function channelOf(payload: JsonObject): string | undefined {
  const event = payload['event'];
  return (
    id(member(event, 'channel')) ??
    id(member(event, 'channel_id')) ??
    id(member(member(event, 'item'), 'channel')) ??
    id(payload['channel']) ??
    id(payload['channel_id']) ??
    id(member(payload['container'], 'channel_id'))
  );
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && Object.hasOwn(value, name)
    ? value[name]
    : undefined;
}

/** A channel is its id, or an object that has it. */
function id(value: JsonValue | undefined): string | undefined {
  return text(value) ?? text(member(value, 'id'));
}

/** What a queue takes as an id or ordering key. */
function identity(value: JsonValue | undefined): string | undefined {
  const name = text(value);
  return name !== undefined && name.length <= 255 && name.isWellFormed() && Buffer.byteLength(name) <= 255
    ? name
    : undefined;
}

/** What headers and logs take as a name. */
function label(value: JsonValue | undefined): string | undefined {
  return text(value)?.slice(0, 128).toWellFormed();
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
