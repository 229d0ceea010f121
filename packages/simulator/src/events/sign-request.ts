import { createHmac } from 'node:crypto';

/** What to sign. */
export interface SignRequestOptions {
  signingSecret: string;
  /** The raw body, byte for byte. */
  body: string | Uint8Array;
  /** Seconds since the epoch; default now. */
  timestamp?: number;
}

/** The two signature headers that Slack sends with every request. */
export interface SignatureHeaders {
  'x-slack-signature': string;
  'x-slack-request-timestamp': string;
}

/** Signs a request as Slack does. The signature `v0` is an HMAC-SHA256 over version, timestamp and raw body. */
export function signRequest({
  signingSecret,
  body,
  timestamp,
}: SignRequestOptions): SignatureHeaders & Record<string, string> {
  const seconds = String(timestamp ?? Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${seconds}:`).update(body).digest('hex');
  return { 'x-slack-signature': `v0=${signature}`, 'x-slack-request-timestamp': seconds };
}
