import { randomBytes } from 'node:crypto';
import { signRequest } from '../events/sign-request.ts';
import { SIMULATOR_IDS } from '../events/simulator-ids.ts';
import { isJsonObject } from '../json.ts';
import { type PostOutcome, post } from './post.ts';

/** Options of `verifyUrl`, including the URL and the signing secret. */
export interface VerifyUrlOptions {
  url: string;
  signingSecret: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Performs the `url_verification` handshake. @throws Error - the app fails the handshake; the message says how */
export async function verifyUrl({ url, signingSecret, timeoutMs, signal }: VerifyUrlOptions): Promise<void> {
  const challenge = randomBytes(24).toString('base64url');
  const body = JSON.stringify({ token: SIMULATOR_IDS.verificationToken, challenge, type: 'url_verification' });
  const headers = { 'content-type': 'application/json', ...signRequest({ signingSecret, body }) };
  const outcome = await post({ url, body, headers, timeoutMs, signal });
  const problem = problemWith(outcome, challenge);
  if (problem) throw new Error(`The app at ${new URL(url).origin} failed the url_verification handshake: ${problem}`);
}

function problemWith({ failure, status, body }: PostOutcome, challenge: string): string | undefined {
  if (failure !== undefined) return status === undefined ? failure : `it responded with HTTP ${status}`;
  return echoOf(body) === challenge ? undefined : 'it did not return the challenge';
}

/**
 * Returns the challenge in a response, which may be plain text, a form with `challenge=…`, or JSON with `{ "challenge":
 * … }`.
 */
function echoOf(body: string): unknown {
  const text = body.trim();
  if (text.startsWith('challenge=')) return new URLSearchParams(text).get('challenge');
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value.challenge : text;
  } catch {
    return text;
  }
}
