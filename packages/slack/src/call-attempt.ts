import type { JsonObject } from '@slack-mcp/core';
import { Deadline } from './deadline.ts';
import type { Exchanged } from './egress/exchange.ts';
import type { SlackEgress } from './egress/slack-egress.ts';
import { readAnswer } from './read-answer.ts';
import { SlackNetworkError } from './slack-error.ts';

/** One attempt of a call. */
export interface CallAttempt {
  readonly method: string;
  /** The encoded arguments. */
  readonly form: string;
  readonly token: string;
  readonly signal: AbortSignal | undefined;
  /** Receives the `x-oauth-scopes` header of an answer. */
  readonly onScopes?: (header: string) => void;
}

/** Codes of failures that happen before the first byte of a request is sent. */
const NEVER_SENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // The certificate is checked before the request is sent.
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Calls a method of the Web API once.
 *
 * @param timeoutMs - maximum time for the attempt in milliseconds, including the answer
 * @throws SlackError
 * @throws the signal's reason if the signal is aborted
 */
export async function attemptCall(
  egress: SlackEgress,
  { method, form, token, signal, onScopes }: CallAttempt,
  timeoutMs: number,
): Promise<JsonObject> {
  const exchanged = await exchange();
  const scopes = exchanged.headers['x-oauth-scopes'];
  if (typeof scopes === 'string') onScopes?.(scopes);
  return readAnswer(method, exchanged);

  async function exchange(): Promise<Exchanged> {
    using deadline = new Deadline(timeoutMs, signal);
    try {
      return await egress.post({
        url: egress.apiUrl + method,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/x-www-form-urlencoded',
          'user-agent': 'slack-mcp',
        },
        body: form,
        signal: deadline.signal,
      });
    } catch (error) {
      signal?.throwIfAborted();
      if (deadline.isOver) throw new SlackNetworkError(method, 'timeout', { timeoutMs });
      throw networkError(method, error);
    }
  }
}

function networkError(method: string, error: unknown): SlackNetworkError {
  const cause = rootCause(error);
  if (cause.name === 'AnswerTooLargeError') return new SlackNetworkError(method, 'answer_too_large', { cause });
  return new SlackNetworkError(method, NEVER_SENT.has(cause.code) ? 'unreachable' : 'connection_lost', { cause });
}

/** Returns the innermost cause of an error, from the operating system or the HTTP client. */
function rootCause(error: unknown): Error & { code?: unknown } {
  let cause = error instanceof Error ? error : new Error('unknown failure');
  while (cause.cause instanceof Error) cause = cause.cause;
  return cause;
}
