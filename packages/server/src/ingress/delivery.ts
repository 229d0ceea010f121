import { createHash, randomUUID } from 'node:crypto';
import { type JsonObject, type PublishPayload, payloadOf } from '@slack-mcp/core';
import { describeEnvelope, messageIdOf } from '@slack-mcp/slack';

/** How Slack sends a delivery, and which answer Slack expects. */
export type DeliveryFamily = 'event' | 'interaction' | 'command';

/** One delivery from Slack, over any transport. */
export interface Delivery {
  readonly family: DeliveryFamily;
  /** `app_mention`, `message`, `block_actions`, `view_submission`, `slash_command`, …; at most 128 characters. */
  readonly kind: string;
  /** Slack's envelope, parsed. */
  readonly payload: JsonObject;
  /** The payload for the queue: Slack's own JSON text, or the fields of a form. */
  readonly body: PublishPayload;
  /**
   * `<app id>:<event_id>`, otherwise `<app id>:<trigger_id>`; without the app id if neither the payload nor the
   * signature names the app. An event without either id has the SHA-256 of its raw body, which is the same when Slack
   * sends it again. Other deliveries, which Slack never repeats, get a unique id: two equal deliveries are two actions
   * of a user.
   */
  readonly messageId: string;
  /** Slack's id of the event, as in Slack's logs. */
  readonly eventId?: string;
  /** The app that received the delivery, according to its payload or signature. */
  readonly appId?: string;
  /** The id of the channel, if there is one. */
  readonly channel?: string;
}

/**
 * Extracts from an envelope what the queue needs.
 *
 * @param signerAppId - the app whose secret signed the request
 * @returns `undefined` if the envelope does not state its type
 */
export function describeDelivery(
  family: DeliveryFamily,
  body: PublishPayload,
  raw: Uint8Array,
  signerAppId?: string,
): Delivery | undefined {
  const payload = payloadOf(body);
  const facts = describeEnvelope(payload);
  const kind = family === 'command' ? 'slash_command' : facts.kind;
  if (kind === undefined) return undefined;
  const { eventId, channel } = facts;
  const appId = facts.appId ?? signerAppId;
  return {
    family,
    kind,
    payload,
    body,
    messageId: messageIdOf(facts, signerAppId) ?? idWithout(family, raw),
    ...(eventId === undefined ? {} : { eventId }),
    ...(appId === undefined ? {} : { appId }),
    ...(channel === undefined ? {} : { channel }),
  };
}

function idWithout(family: DeliveryFamily, raw: Uint8Array): string {
  return family === 'event' ? createHash('sha256').update(raw).digest('hex') : randomUUID();
}
