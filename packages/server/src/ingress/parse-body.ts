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

/** The content of a signed body: a delivery for the queue, Slack's `url_verification` challenge, or a problem. */
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
 * @param appOf - determines the app of a payload from the request's signature; if it refuses the payload, the result is
 * `unvouched`
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

/** Recognizes Slack's certificate check: a form with `ssl_check=1`, which Slack does not sign. */
export function isSslCheck(contentType: string | undefined, body: Buffer): boolean {
  // The check is short; no long body is parsed before its signature is verified.
  if (mediaType(contentType) !== FORM_TYPE || body.length > 4096) return false;
  return new URLSearchParams(body.toString()).get('ssl_check') === '1';
}

/**
 * Returns the media type if it is JSON or a form, the two types that Slack sends. A `Content-Type` header that a proxy
 * has repeated is also accepted.
 */
function mediaType(contentType: string | undefined): typeof JSON_TYPE | typeof FORM_TYPE | undefined {
  if (contentType === JSON_TYPE || contentType === FORM_TYPE) return contentType;
  const type = contentType?.split(/[;,]/, 1)[0]?.trim().toLowerCase();
  return type === JSON_TYPE || type === FORM_TYPE ? type : undefined;
}

/**
 * Determines the media type from the content of a body whose `Content-Type` header a proxy has removed or changed. The
 * signature proves that Slack sent either JSON or a form.
 */
function typeByContent(body: Buffer): typeof JSON_TYPE | typeof FORM_TYPE | undefined {
  const start = body.subarray(0, 4096).toString('latin1').trimStart();
  if (start.startsWith('{')) return JSON_TYPE;
  return /^[\w%.~-]+=[^\s{"]*(&|$)/.test(start) && /(^|&)(payload|command)=/.test(body.toString('latin1'))
    ? FORM_TYPE
    : undefined;
}

function parseEvent(body: Buffer, appOf: AppOf): ParsedBody {
  const payload = parseJson(body);
  if (typeof payload === 'string') return malformed(`the body is invalid: ${payload}`);
  if (payload.value['type'] === 'url_verification') {
    const { challenge } = payload.value;
    return typeof challenge === 'string'
      ? { type: 'challenge', challenge }
      : malformed('url_verification without a challenge');
  }
  const reason = 'the JSON contains neither an event with a type nor its own type';
  return described('event', payload, { body, appOf, reason });
}

function parseForm(body: Buffer, appOf: AppOf): ParsedBody {
  const fields: Record<string, string> = Object.fromEntries(new URLSearchParams(body.toString()));
  if (Object.hasOwn(fields, 'payload')) {
    const payload = parseJson(fields['payload'] as string);
    if (typeof payload === 'string') return malformed(`the form field payload is invalid: ${payload}`);
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

/** Checks Slack's JSON and keeps its text unchanged. Returns the reason if the payload cannot be used. */
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
