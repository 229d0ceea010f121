import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  type Logger as WebApiLogger,
  WebClient,
} from '@slack/web-api';
import { backoffDelay, type JsonObject, type Logger, silentLogger } from '@slack-mcp/core';
import { isRepeatable } from './repeatable-methods.ts';
import {
  SlackApiError,
  SlackError,
  SlackNetworkError,
  SlackRateLimitedError,
  SlackTokenMissingError,
} from './slack-error.ts';
import type { SlackPort } from './slack-port.ts';

/** Options of `createSlackPort`. */
export interface SlackPortOptions {
  /** The token of every call. Without it each call rejects and names `SLACK_BOT_TOKEN`. */
  token: string | undefined;
  /** Base of the Web API. Default `https://slack.com/api/`. */
  apiUrl?: string;
  /** Further attempts after a lost connection, a timeout or a 5xx status. Default 3. */
  retries?: number;
  /** Milliseconds for one attempt, its answer included. Default 10000. */
  timeoutMs?: number;
  /** Longest `Retry-After` in milliseconds that a call waits for, once, before it rejects. Default 3000. */
  rateLimitWaitMs?: number;
  /** Hears of methods, durations and failures; never of tokens, arguments or answers. */
  logger?: Logger;
}

/** What one attempt shares with the `fetch` below the Slack client. */
interface Attempt {
  readonly signal: AbortSignal;
  status?: number;
}

const METHOD = /^[a-z]\w*(?:\.\w+)+$/i;
const SLACK_ERROR_NAME = /^\w[\w.:-]{0,99}$/;

/** Seconds to wait when Slack answers 429 without saying for how long. */
const UNSPECIFIED_RETRY_AFTER = 30;

/** Failures before a byte of the request was sent. */
const NEVER_SENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** One Slack client, to be shared by everything that calls Slack with this token. */
export function createSlackPort(options: SlackPortOptions): SlackPort {
  const { token, apiUrl, retries = 3, timeoutMs = 10_000, rateLimitWaitMs = 3_000, logger = silentLogger } = options;
  const attempts = new AsyncLocalStorage<Attempt>();

  // The client's own options have no place for a signal per call: it travels beside the call to the fetch. The client's
  // queue must therefore never hold a call back, or the call would go on in the context of another one.
  const client = new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    fetch: async (url, init) => {
      const attempt = attempts.getStore();
      const response = await fetch(url, attempt === undefined ? init : { ...init, signal: attempt.signal });
      if (attempt !== undefined) attempt.status = response.status;
      return response;
    },
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: muteLogger,
  });

  async function attemptCall(method: string, args: Record<string, unknown>, signal?: AbortSignal): Promise<JsonObject> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const attempt: Attempt = { signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) };
    try {
      return (await attempts.run(attempt, () => client.apiCall(method, args))) as unknown as JsonObject;
    } catch (error) {
      signal?.throwIfAborted();
      throw translate(error, method, attempt, timeout.aborted ? timeoutMs : undefined);
    }
  }

  async function call(
    method: string,
    args: Readonly<Record<string, unknown>> = {},
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<JsonObject> {
    // `files.uploadV2` is the client's own: it reads any path of this machine that it is given.
    if (!METHOD.test(method) || method === 'files.uploadV2') {
      throw new TypeError('Not the name of a method of the Web API; expected something like chat.postMessage.');
    }
    if (token === undefined || token === '') throw new SlackTokenMissingError(method);
    signal?.throwIfAborted();

    let failures = 0;
    let waited = false;
    for (;;) {
      const started = performance.now();
      try {
        const answer = await attemptCall(method, { ...args }, signal);
        logger.debug({ method, durationMs: Math.round(performance.now() - started) }, 'slack_called');
        return answer;
      } catch (error) {
        if (!(error instanceof SlackError)) throw error;
        let waitMs: number;
        if (error instanceof SlackRateLimitedError && !waited && error.retryAfterSeconds * 1000 <= rateLimitWaitMs) {
          waited = true;
          waitMs = error.retryAfterSeconds * 1000;
        } else if (failures < retries && isRetryable(error)) {
          waitMs = backoffDelay(failures, { initialDelayMs: 250, maxDelayMs: 2_000 });
          failures += 1;
        } else {
          logger.warn({ method, error: nameOf(error), attempts: failures + 1 }, 'slack_call_failed');
          throw error;
        }
        logger.info({ method, error: nameOf(error), waitMs }, 'slack_call_retried');
        await wait(waitMs, signal);
      }
    }
  }

  return { call };
}

/** Waits, or rejects with the signal's reason. */
async function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

function isRetryable(error: SlackError): boolean {
  if (!(error instanceof SlackNetworkError) || error.failure === 'invalid_answer') return false;
  if (error.failure === 'unreachable') return true;
  return error.outcomeUnknown && isRepeatable(error.method);
}

function nameOf(error: SlackError): string {
  if (error instanceof SlackApiError) return error.slackError;
  return error instanceof SlackNetworkError ? error.failure : error.code;
}

function translate(error: unknown, method: string, attempt: Attempt, timedOutAfterMs: number | undefined): unknown {
  if (attempt.status === 429) {
    const seconds = error instanceof WebAPIRateLimitedError ? error.retryAfter : UNSPECIFIED_RETRY_AFTER;
    return new SlackRateLimitedError(method, seconds);
  }
  if (error instanceof WebAPIPlatformError) {
    const { error: name, needed, provided } = error.data as { error: unknown; needed?: unknown; provided?: unknown };
    // What is not JSON arrives here as the name of the error, whole.
    if (typeof name !== 'string' || !SLACK_ERROR_NAME.test(name))
      return new SlackNetworkError(method, 'invalid_answer');
    return new SlackApiError(method, name, {
      ...(typeof needed === 'string' && needed !== '' ? { needed } : {}),
      ...(typeof provided === 'string' && provided !== '' ? { provided } : {}),
    });
  }
  if (error instanceof WebAPIHTTPError) {
    return new SlackNetworkError(method, 'http_error', { status: error.statusCode });
  }
  if (timedOutAfterMs !== undefined) return new SlackNetworkError(method, 'timeout', { timeoutMs: timedOutAfterMs });
  // Before the request went out: arguments that cannot be written as a form.
  if (!(error instanceof WebAPIRequestError) && attempt.status === undefined) return error;
  const cause = rootCause(error);
  return new SlackNetworkError(method, NEVER_SENT.has(cause.code) ? 'unreachable' : 'connection_lost', { cause });
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
