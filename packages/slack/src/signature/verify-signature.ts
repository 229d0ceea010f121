import { createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { signatureOf } from './sign-request.ts';
import type { SigningSecret } from './signing-secrets.ts';

/** A request with its signature headers. */
export interface SignedRequest {
  /** The unchanged bytes of the body. */
  readonly body: Uint8Array;
  /** The header `x-slack-request-timestamp`, in seconds since the epoch. */
  readonly timestamp?: string | undefined;
  /** The header `x-slack-signature`: `v0=`, followed by 64 hexadecimal digits. */
  readonly signature?: string | undefined;
}

/** Why a signature is not valid. */
export type SignatureFault =
  | 'missing_signature'
  | 'unknown_version'
  | 'malformed_signature'
  | 'malformed_timestamp'
  | 'stale_timestamp'
  | 'wrong_signature';

/** Maximum difference in seconds between the timestamp and the local clock, in either direction. */
export const SIGNATURE_WINDOW_SECONDS = 300;

/** A secret, or a key created from the secret. Verification with a key takes a third less time. */
export interface PreparedSecret extends Omit<SigningSecret, 'secret'> {
  readonly secret: string | KeyObject;
}

/** The secrets that match a valid signature, or the fault of an invalid signature. */
export type SignatureVerdict = { readonly signers: readonly PreparedSecret[] } | { readonly fault: SignatureFault };

/** Creates keys from secrets once, so that each verification can reuse the keys. */
export function prepareSecrets(secrets: readonly SigningSecret[]): readonly PreparedSecret[] {
  return secrets.map((signing) => ({ ...signing, secret: createSecretKey(Buffer.from(signing.secret)) }));
}

/**
 * Checks Slack's v0 signature against each secret, in constant time. During a rotation, the old and the new secret are
 * both valid.
 *
 * @param nowMs - the time in milliseconds since the epoch
 */
export function verifySignature(
  request: SignedRequest,
  secrets: readonly PreparedSecret[],
  nowMs: number,
): SignatureVerdict {
  const { body, timestamp, signature } = request;
  if (!timestamp || !signature) return { fault: 'missing_signature' };
  if (!signature.startsWith('v0=')) return { fault: 'unknown_version' };
  if (!/^v0=[0-9a-f]{64}$/.test(signature)) return { fault: 'malformed_signature' };
  if (!/^\d{1,12}$/.test(timestamp)) return { fault: 'malformed_timestamp' };
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > SIGNATURE_WINDOW_SECONDS) return { fault: 'stale_timestamp' };

  const given = Buffer.from(signature.slice(3), 'hex');
  const signers = secrets.filter(({ secret }) => timingSafeEqual(signatureOf(body, timestamp, secret), given));
  return signers.length > 0 ? { signers } : { fault: 'wrong_signature' };
}
