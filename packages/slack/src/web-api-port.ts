import { AsyncLocalStorage } from 'node:async_hooks';
import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRequestError,
  type Logger as WebApiLogger,
  WebClient,
} from '@slack/web-api';
import type { JsonObject, JsonValue } from '@slack-mcp/core';
import { Deadline } from './deadline.ts';
import type { ProxySettings } from './proxy-fetch.ts';
import { SlackApiError, SlackNetworkError, SlackRateLimitedError } from './slack-error.ts';
import { AnswerTooLargeError, createSlackFetch, ReadResponse } from './slack-fetch.ts';

/** One attempt of a call. */
export interface WebApiAttempt {
  method: string;
  args: Readonly<Record<string, unknown>>;
  token: string;
  signal: AbortSignal | undefined;
  /** Told the header `x-oauth-scopes` of an answer. */
  onScopes?: (header: string) => void;
}

/**
 * Makes one attempt.
 *
 * @throws SlackError
 * @throws the signal's reason once it is aborted
 */
export type WebApiPort = (attempt: WebApiAttempt) => Promise<JsonObject>;

/** Options of `createWebApiPort`. */
export interface WebApiPortOptions {
  /** Base of the Web API. Default `https://slack.com/api/`. */
  apiUrl?: string | undefined;
  /** Milliseconds for one attempt, its answer included. */
  timeoutMs: number;
  /** Default: none. */
  proxy?: ProxySettings | undefined;
}

/** What one attempt shares with the `fetch` below the Slack client. */
interface Exchange {
  readonly token: string;
  readonly signal: AbortSignal;
  readonly onScopes: ((header: string) => void) | undefined;
  /** Of the answer, once all of it has come. */
  status?: number;
  /** Seconds, where the answer says so. */
  retryAfter?: number;
  answer?: JsonObject;
}

const SLACK_ERROR_NAME = /^\w[\w.:-]{0,99}$/;

/** Seconds to wait when Slack answers 429 without saying for how long. */
const UNSPECIFIED_RETRY_AFTER = 30;
/** Slack asks for a minute or two; what asks for more is mistaken, and would keep a method from being tried again. */
const LONGEST_RETRY_AFTER = 60 * 60;

/** What Slack calls a limit where the status does not say so. */
const RATE_LIMITED: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited']);

/** Failures before a byte of the request was sent. */
const NEVER_SENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Slack's own client, kept from everything but one attempt at a time: no retries, no pauses, no log. */
export function createWebApiPort({ apiUrl, timeoutMs, proxy }: WebApiPortOptions): WebApiPort {
  const send = createSlackFetch(proxy);
  const exchanges = new AsyncLocalStorage<Exchange>();

  // The client's own options have no place for a signal or a token of one call: they travel beside the call to the
  // fetch. The client's queue must therefore never hold a call back, or it would go on in the context of another one.
  const client = new WebClient(undefined, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    fetch: async (url, init) => {
      const exchange = exchanges.getStore();
      if (exchange === undefined) throw new Error('A call outside of an attempt.');
      const { token, signal } = exchange;
      const headers = { Authorization: `Bearer ${token}`, ...(init?.headers as Record<string, string>) };
      const response = await send(url, { ...init, headers, signal });
      exchange.status = response.status;
      exchange.retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
      const scopes = response.headers.get('x-oauth-scopes');
      if (scopes !== null) exchange.onScopes?.(scopes);
      return keepAnswer(response, exchange);
    },
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: muteLogger,
  });

  return async ({ method, args, token, signal, onScopes }) => {
    using deadline = new Deadline(timeoutMs, signal);
    const exchange: Exchange = { token, signal: deadline.signal, onScopes };
    try {
      const result = await exchanges.run(exchange, () => client.apiCall(method, { ...args }));
      const { answer } = exchange;
      if (answer === undefined) return result as unknown as JsonObject;
      answer['response_metadata'] = { ...objectOf(answer['response_metadata']), ...metadataOf(result) };
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      throw translate(error, method, exchange, deadline.isOver ? timeoutMs : undefined);
    }
  };
}

const TAKEN = Buffer.from('{"ok":true}');

/**
 * Keeps a successful answer aside and hands the client a short one in its place: it renders every answer into text for
 * a log, whether there is one or not, which takes longer than all the rest of a call.
 */
async function keepAnswer(response: Response, exchange: Exchange): Promise<Response> {
  const { status, headers } = response;
  if (status !== 200 || headers.get('content-type') === 'application/gzip') return response;
  const text = await response.text();
  const answer = objectOf(parse(text));
  if (answer['ok'] !== true) return response;
  exchange.answer = answer;
  return new ReadResponse(TAKEN, response) as unknown as Response;
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function metadataOf(result: { response_metadata?: object }): JsonObject {
  return (result.response_metadata ?? {}) as JsonObject;
}

function translate(error: unknown, method: string, exchange: Exchange, timedOutAfterMs: number | undefined): unknown {
  if (exchange.status === 429) {
    return new SlackRateLimitedError(method, secondsToWait(exchange));
  }
  if (error instanceof WebAPIPlatformError) {
    const { error: name, needed, provided } = error.data as { error: unknown; needed?: unknown; provided?: unknown };
    // What is not JSON arrives here as the name of the error, whole.
    if (typeof name !== 'string' || !SLACK_ERROR_NAME.test(name))
      return new SlackNetworkError(method, 'invalid_answer');
    if (RATE_LIMITED.has(name)) return new SlackRateLimitedError(method, secondsToWait(exchange));
    return new SlackApiError(method, name, {
      ...(typeof needed === 'string' && needed !== '' ? { needed } : {}),
      ...(typeof provided === 'string' && provided !== '' ? { provided } : {}),
    });
  }
  if (error instanceof WebAPIHTTPError) {
    return new SlackNetworkError(method, 'http_error', { status: error.statusCode });
  }
  if (timedOutAfterMs !== undefined) return new SlackNetworkError(method, 'timeout', { timeoutMs: timedOutAfterMs });
  // It came as a whole, and the client could make nothing of it.
  if (exchange.status !== undefined) return new SlackNetworkError(method, 'invalid_answer');
  // Before the request went out: arguments that cannot be written as a form.
  if (!(error instanceof WebAPIRequestError)) return error;
  const cause = rootCause(error);
  if (cause instanceof AnswerTooLargeError) return new SlackNetworkError(method, 'answer_too_large', { cause });
  return new SlackNetworkError(method, NEVER_SENT.has(cause.code) ? 'unreachable' : 'connection_lost', { cause });
}

function secondsToWait({ retryAfter = Number.NaN }: Exchange): number {
  return Number.isNaN(retryAfter) ? UNSPECIFIED_RETRY_AFTER : Math.min(Math.max(retryAfter, 0), LONGEST_RETRY_AFTER);
}

/** The innermost error: what the operating system or the HTTP client said. */
function rootCause(error: unknown): Error & { code?: unknown } {
  let cause = error instanceof Error ? error : new Error('unknown failure');
  while (cause.cause instanceof Error) cause = cause.cause;
  return cause;
}

/** The Slack client writes arguments and answers into its log: nothing of it goes anywhere. */
const muteLogger: WebApiLogger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};
