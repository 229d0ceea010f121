import { createHash, randomUUID } from 'node:crypto';
import { type JsonObject, type PublishPayload, payloadOf } from '@slack-mcp/core';
import { describeEnvelope, messageIdOf } from '@slack-mcp/slack';

/** The kind of request with which Slack sends a delivery. The kind determines the answer that Slack expects. */
export type DeliveryFamily = 'event' | 'interaction' | 'command';

/** One event, interaction or command from Slack, received over any transport. */
export interface Delivery {
  readonly family: DeliveryFamily;
  /** The type of the delivery, such as `app_mention`, `block_actions` or `slash_command`; at most 128 characters. */
  readonly kind: string;
  /** Slack's envelope, parsed. */
  readonly payload: JsonObject;
  /** The payload to publish: the JSON text from Slack, or the fields of a form-encoded request such as a command. */
  readonly body: PublishPayload;
  /**
   * The id of the queued message, which is `<app id>:<event_id>` or, without an event id, `<app id>:<trigger_id>`. The
   * app id is omitted if neither the payload nor the signature names the app. For an event without `event_id` and
   * `trigger_id`, the id is the SHA-256 of the raw body, which is the same when Slack sends the event again.
   * Interactions and commands without a `trigger_id` get a unique id, because Slack never repeats them: two equal
   * deliveries are two actions of a user.
   */
  readonly messageId: string;
  /** Slack's id of the event, which also appears in Slack's logs. */
  readonly eventId?: string;
  /** The app that received the delivery, according to its payload or signature. */
  readonly appId?: string;
  /** The id of the channel, if the delivery names a channel. */
  readonly channel?: string;
}

/**
 * Extracts the fields that the queue needs from Slack's envelope.
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
