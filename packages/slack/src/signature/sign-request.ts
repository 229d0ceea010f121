import { createHmac, type KeyObject } from 'node:crypto';

/** The signature headers of a request. */
export interface SignatureHeaders {
  readonly 'x-slack-request-timestamp': string;
  readonly 'x-slack-signature': string;
}

/**
 * Signs a body as Slack does (`v0`), for tests and for programs that simulate Slack.
 *
 * @param nowMs - the time in milliseconds since the epoch; default: now
 */
export function signRequest(
  body: Uint8Array | string,
  secret: string | KeyObject,
  nowMs: number = Date.now(),
): SignatureHeaders {
  const timestamp = String(Math.floor(nowMs / 1000));
  return {
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signatureOf(body, timestamp, secret).toString('hex')}`,
  };
}

/** Returns the v0 signature, which is the HMAC-SHA256 of the version, the timestamp and the body. */
export function signatureOf(body: Uint8Array | string, timestamp: string, secret: string | KeyObject): Buffer {
  return createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
}
