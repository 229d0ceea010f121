import { createHash, randomUUID } from 'node:crypto';
import { type JsonObject, type PublishPayload, payloadOf } from '@slack-mcp/core';
import { describeEnvelope, messageIdOf } from '@slack-mcp/slack';

/** How Slack sends it and what it expects as an answer. */
export type DeliveryFamily = 'event' | 'interaction' | 'command';

/** One thing that Slack sent, whatever brought it. */
export interface Delivery {
  readonly family: DeliveryFamily;
  /** `app_mention`, `message`, `block_actions`, `view_submission`, `slash_command`, …; at most 128 characters of it. */
  readonly kind: string;
  /** Slack's envelope, for reading. */
  readonly payload: JsonObject;
  /** What goes into the queue: Slack's own JSON text, or the fields of a form. */
  readonly body: PublishPayload;
  /**
   * `<app id>:<event_id>`, else `<app id>:<trigger_id>`; without the app where neither payload nor signature names it. Of
   * an event that has neither, the SHA-256 of the raw body: the same when Slack sends it again. What Slack never sends
   * again has an id of its own without them: two equal ones are two actions of a user.
   */
  readonly messageId: string;
  /** Slack's id of the event, as in its own logs. */
  readonly eventId?: string;
  /** The app that it was sent to, as its payload or its signature names it. */
  readonly appId?: string;
  /** The id of the channel it happened in, where there is one. */
  readonly channel?: string;
}

/**
 * Reads off an envelope what the queue needs to know of it.
 *
 * @param signerAppId - the app whose secret signed it
 * @returns `undefined` when the envelope does not say what it is
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
