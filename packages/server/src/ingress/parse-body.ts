import {
  type EncodedPayload,
  encodedPayload,
  isQueueError,
  type JsonObject,
  type PublishPayload,
  payloadOf,
} from '@slack-mcp/core';
import type { AppVerdict } from '@slack-mcp/slack';
import { type Delivery, type DeliveryFamily, describeDelivery } from './delivery.ts';

/** What a signed body holds: something to queue, Slack's handshake, or nothing that can be used. */
export type ParsedBody =
  | { readonly type: 'delivery'; readonly delivery: Delivery }
  | { readonly type: 'challenge'; readonly challenge: string }
  | { readonly type: 'malformed'; readonly reason: string }
  | { readonly type: 'unvouched'; readonly fault: string }
  | { readonly type: 'unsupported_media_type' };

type AppOf = (payload: JsonObject) => AppVerdict;

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * Parses events (JSON), interactions and options requests (form with `payload`) and slash commands (form).
 *
 * @param appOf - the app of a payload by its signature; what it refuses is `unvouched`
 */
export function parseBody(
  contentType: string | undefined,
  body: Buffer,
  appOf: AppOf = () => ({ appId: undefined }),
): ParsedBody {
  switch (mediaType(contentType) ?? typeByContent(body)) {
    case JSON_TYPE:
      return parseEvent(body, appOf);
    case FORM_TYPE:
      return parseForm(body, appOf);
    default:
      return { type: 'unsupported_media_type' };
  }
}

/** Slack's certificate check: a form with `ssl_check=1`, which it does not sign. */
export function isSslCheck(contentType: string | undefined, body: Buffer): boolean {
  // The check is short; nothing long is parsed before its signature is known to be good.
  if (mediaType(contentType) !== FORM_TYPE || body.length > 4096) return false;
  return new URLSearchParams(body.toString()).get('ssl_check') === '1';
}

/** One of the two that Slack sends, also where a proxy has doubled the header. */
function mediaType(contentType: string | undefined): typeof JSON_TYPE | typeof FORM_TYPE | undefined {
  if (contentType === JSON_TYPE || contentType === FORM_TYPE) return contentType;
  const type = contentType?.split(/[;,]/, 1)[0]?.trim().toLowerCase();
  return type === JSON_TYPE || type === FORM_TYPE ? type : undefined;
}

/** What a body is whose type a proxy has lost or changed: the signature says that Slack sent it as one of the two. */
function typeByContent(body: Buffer): typeof JSON_TYPE | typeof FORM_TYPE | undefined {
  const start = body.subarray(0, 4096).toString('latin1').trimStart();
  if (start.startsWith('{')) return JSON_TYPE;
  return /^[\w%.~-]+=[^\s{"]*(&|$)/.test(start) && /(^|&)(payload|command)=/.test(body.toString('latin1'))
    ? FORM_TYPE
    : undefined;
}

function parseEvent(body: Buffer, appOf: AppOf): ParsedBody {
  const payload = parseJson(body);
  if (typeof payload === 'string') return malformed(`the body is refused: ${payload}`);
  if (payload.value['type'] === 'url_verification') {
    const { challenge } = payload.value;
    return typeof challenge === 'string'
      ? { type: 'challenge', challenge }
      : malformed('url_verification without a challenge');
  }
  const reason = 'the JSON has neither an event with a type nor a type of its own';
  return described('event', payload, { body, appOf, reason });
}

function parseForm(body: Buffer, appOf: AppOf): ParsedBody {
  const fields: Record<string, string> = Object.fromEntries(new URLSearchParams(body.toString()));
  if (Object.hasOwn(fields, 'payload')) {
    const payload = parseJson(fields['payload'] as string);
    if (typeof payload === 'string') return malformed(`the form field payload is refused: ${payload}`);
    return described('interaction', payload, { body, appOf, reason: 'the interaction has no type' });
  }
  if (!Object.hasOwn(fields, 'command')) return malformed('the form has neither a payload nor a command');
  return described('command', fields, { body, appOf, reason: 'the form is not a command' });
}

function described(
  family: DeliveryFamily,
  payload: PublishPayload,
  { body, appOf, reason }: { readonly body: Buffer; readonly appOf: AppOf; readonly reason: string },
): ParsedBody {
  const app = appOf(payloadOf(payload));
  if ('fault' in app) return { type: 'unvouched', fault: app.fault };
  const delivery = describeDelivery(family, payload, body, app.appId);
  return delivery === undefined ? malformed(reason) : { type: 'delivery', delivery };
}

/** Slack's JSON, checked once: it travels as the text that came. Or why it cannot be used. */
function parseJson(data: string | Uint8Array): EncodedPayload | string {
  try {
    return encodedPayload(data);
  } catch (error) {
    if (isQueueError(error, 'ERR_QUEUE_SERIALIZATION')) return error.message;
    throw error;
  }
}

function malformed(reason: string): ParsedBody {
  return { type: 'malformed', reason };
}
