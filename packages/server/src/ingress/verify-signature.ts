import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed request carries. */
export interface SignedRequest {
  /** The body exactly as it came. */
  readonly body: Uint8Array;
  /** `x-slack-request-timestamp`: seconds since the epoch. */
  readonly timestamp?: string | undefined;
  /** `x-slack-signature`: `v0=` and 64 hexadecimal digits. */
  readonly signature?: string | undefined;
}

/** `valid`, or what is wrong. */
export type SignatureVerdict =
  | 'valid'
  | 'missing_signature'
  | 'unknown_version'
  | 'malformed_signature'
  | 'malformed_timestamp'
  | 'stale_timestamp'
  | 'wrong_signature';

/** Slack signs with a clock at most this far from ours, in seconds, on either side. */
export const SIGNATURE_WINDOW_SECONDS = 300;

/**
 * Checks Slack's v0 signature against each of the secrets, all of them in constant time, so that an old and a new
 * secret are both good while one replaces the other.
 *
 * @param nowMs - milliseconds since the epoch
 */
export function verifySignature(request: SignedRequest, secrets: readonly string[], nowMs: number): SignatureVerdict {
  const { body, timestamp, signature } = request;
  if (!timestamp || !signature) return 'missing_signature';
  if (!signature.startsWith('v0=')) return 'unknown_version';
  if (!/^v0=[0-9a-f]{64}$/.test(signature)) return 'malformed_signature';
  if (!/^\d{1,12}$/.test(timestamp)) return 'malformed_timestamp';
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > SIGNATURE_WINDOW_SECONDS) return 'stale_timestamp';

  const given = Buffer.from(signature.slice(3), 'hex');
  let valid = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
    if (timingSafeEqual(expected, given)) valid = true;
  }
  return valid ? 'valid' : 'wrong_signature';
}
