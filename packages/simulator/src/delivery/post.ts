import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AttemptOutcome, RetryReason } from './retry-policy.ts';

/**
 * The point at which a connection is cut off. `before-request`: before the app receives any data. `after-request`:
 * after the app has received the whole request, and before it responds. `after-answer`: when the app's response
 * arrives, so that the app has certainly handled the request.
 */
export type CutOffPoint = 'before-request' | 'after-request' | 'after-answer';

/** One request to send to the app. */
export interface PostOptions {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Maximum time in milliseconds for the app to respond, including redirects. */
  timeoutMs: number;
  cutOff?: CutOffPoint | undefined;
  /** A signal that aborts the request. The outcome of an aborted request is `connection_failed`. */
  signal: AbortSignal;
}

/** The outcome of a request, with the response body. */
export interface PostOutcome extends AttemptOutcome {
  readonly body: string;
}

const MAX_REDIRECTS = 2;
/** Maximum size in bytes of a response body to keep. Only interactions use the response body. */
const MAX_BODY_LENGTH = 1024 * 1024;

/** Posts a request to the app once, over a new connection, and evaluates the response as Slack does. Never rejects. */
export async function post(options: PostOptions): Promise<PostOutcome> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), options.timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout.signal]);
  try {
    let url = new URL(options.url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const answer = await exchange(url, options, signal);
      const { status } = answer;
      if (status >= 200 && status < 300) return { failure: undefined, status, noRetry: false, body: answer.body };
      if (status < 300 || status >= 400 || answer.location === undefined) {
        return { failure: 'http_error', status, noRetry: answer.noRetry, body: answer.body };
      }
      url = new URL(answer.location, url);
    }
    return failed('too_many_redirects');
  } catch (error) {
    return failed(timeout.signal.aborted ? 'http_timeout' : reasonOf(error));
  } finally {
    clearTimeout(timer);
  }
}

interface Answer {
  status: number;
  location: string | undefined;
  noRetry: boolean;
  body: string;
}

function exchange(url: URL, { headers, body, cutOff }: PostOptions, signal: AbortSignal): Promise<Answer> {
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const request: ClientRequest = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'content-length': bytes.length },
      signal,
    });
    request.once('error', reject);
    request.once('response', (response) => {
      if (cutOff === 'after-answer') request.destroy(new CutOff());
      else readAnswer(response).then(resolve, reject);
    });
    if (cutOff === 'before-request') {
      request.once('socket', (socket) => socket.once('connect', () => request.destroy(new CutOff())));
      return;
    }
    request.end(bytes, () => {
      if (cutOff === 'after-request') request.destroy(new CutOff());
    });
  });
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response) if (body.length < MAX_BODY_LENGTH) body += chunk;
  return {
    status: response.statusCode ?? 0,
    location: response.headers.location,
    noRetry: response.headers['x-slack-no-retry'] === '1',
    body,
  };
}

class CutOff extends Error {
  readonly code = 'ECONNRESET';
}

function failed(failure: RetryReason): PostOutcome {
  return { failure, status: undefined, noRetry: false, body: '' };
}

function reasonOf(error: unknown): RetryReason {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(ERR_TLS|ERR_SSL|CERT_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)) return 'ssl_error';
  if (/^(E[A-Z]+|ABORT_ERR)$/.test(code)) return 'connection_failed';
  return 'unknown_error';
}
