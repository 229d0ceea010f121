import { createHash } from 'node:crypto';
import { backoffDelay, type JsonObject, type Logger, silentLogger } from '@slack-mcp/core';
import { CircuitBreakers, type CircuitBreakersOptions } from './circuit-breakers.ts';
import { GrantedScopes } from './granted-scopes.ts';
import { MethodLimits } from './method-limits.ts';
import type { ProxySettings } from './proxy-fetch.ts';
import { isRepeatable } from './repeatable-methods.ts';
import {
  ANSWERED_WRONGLY,
  SlackApiError,
  SlackError,
  SlackNetworkError,
  SlackRateLimitedError,
} from './slack-error.ts';
import type { OnSlackWait, SlackPort } from './slack-port.ts';
import { SlackTokens, type TokenProvider } from './slack-tokens.ts';
import { unlessAborted } from './unless-aborted.ts';
import { wait } from './wait.ts';
import type { WebApiPort } from './web-api-port.ts';

/** Options of `createSlackPort`. */
export interface SlackPortOptions {
  /**
   * The token of every call; a function where tokens rotate. Without one each call rejects and names
   * `SLACK_BOT_TOKEN`.
   */
  token: string | TokenProvider | undefined;
  /** Base of the Web API. Default `https://slack.com/api/`. */
  apiUrl?: string;
  /** Default: none. */
  proxy?: ProxySettings;
  /** Further attempts after a lost connection, a timeout or a 5xx status. Default 3. */
  retries?: number;
  /** Milliseconds for one attempt, its answer included. Default 10000. */
  timeoutMs?: number;
  /** Milliseconds that a call waits for rate limits, in all, before it rejects. Default 3000. */
  rateLimitWaitMs?: number;
  /** When calls are not even tried. */
  circuit?: Pick<CircuitBreakersOptions, 'failures' | 'openMs'>;
  /** Hears of methods, durations and failures; never of tokens, arguments or answers. */
  logger?: Logger;
}

const METHOD = /^[a-z]\w*(?:\.\w+)+$/i;

/** Slack's names of a token that is no longer one. */
const REFUSED_TOKEN: ReadonlySet<string> = new Set(['token_expired', 'invalid_auth']);

/** One Slack client, to be shared by everything that calls Slack with this token. Nothing is opened before a call. */
export function createSlackPort(options: SlackPortOptions): SlackPort {
  const { token: source, retries = 3, timeoutMs = 10_000, rateLimitWaitMs = 3_000, logger = silentLogger } = options;
  const { apiUrl, proxy } = options;
  const tokens = new SlackTokens(source, timeoutMs);
  const limits = new MethodLimits();
  const scopes = new GrantedScopes();
  const circuits = new CircuitBreakers({
    ...options.circuit,
    onChange: (family, state) =>
      logger.warn({ family }, state === 'open' ? 'slack_circuit_opened' : 'slack_circuit_closed'),
  });

  let webApi: Promise<WebApiPort> | undefined;
  /** Slack's client takes a tenth of a second to load, and clients wait for the server to start. */
  async function load(): Promise<WebApiPort> {
    const { createWebApiPort } = await import('./web-api-port.ts');
    return createWebApiPort({ apiUrl, timeoutMs, proxy });
  }

  async function call(
    method: string,
    args: Readonly<Record<string, unknown>> = {},
    { signal, onWait }: { signal?: AbortSignal; onWait?: OnSlackWait } = {},
  ): Promise<JsonObject> {
    // `files.uploadV2` is the client's own: it reads any path of this machine that it is given.
    if (!METHOD.test(method) || method === 'files.uploadV2') {
      throw new TypeError('Not the name of a method of the Web API; expected something like chat.postMessage.');
    }
    let token = await unlessAborted(tokens.current(method), signal);
    signal?.throwIfAborted();
    webApi ??= load();
    const attempt = await webApi;
    const key = limitKey(method, args);

    let failures = 0;
    let waits = 0;
    let renewed = false;
    let patience = rateLimitWaitMs;
    for (;;) {
      const started = performance.now();
      try {
        const admission = await limits.enter(key, { method, maxWaitMs: patience, signal, onWait });
        patience -= admission.waitedMs;
        try {
          const used = { method, args, token, signal, onScopes: (header: string) => scopes.learn(header) };
          const answer = await circuits.run(method, () => attempt(used), signal);
          logger.debug({ method, durationMs: Math.round(performance.now() - started) }, 'slack_called');
          return answer;
        } catch (error) {
          if (error instanceof SlackRateLimitedError) limits.limited(key, error.retryAfterSeconds);
          throw error;
        } finally {
          admission.leave();
        }
      } catch (error) {
        if (!(error instanceof SlackError)) throw error;
        const fresh = renewed ? undefined : await renewToken(error, token);
        if (fresh !== undefined) {
          renewed = true;
          token = fresh;
        } else if (
          error instanceof SlackRateLimitedError &&
          waits === 0 &&
          error.retryAfterSeconds * 1000 <= patience
        ) {
          waits += 1;
          logger.info({ method, error: nameOf(error) }, 'slack_call_retried');
        } else if (failures < retries && isRetryable(error) && !circuits.isOpen(method)) {
          const waitMs = backoffDelay(failures, { initialDelayMs: 250, maxDelayMs: 2_000 });
          failures += 1;
          logger.info({ method, error: nameOf(error), waitMs }, 'slack_call_retried');
          onWait?.(waitMs, 'retry');
          await wait(waitMs, signal);
        } else {
          logger.warn({ method, error: nameOf(error), attempts: failures + 1 }, 'slack_call_failed');
          throw error;
        }
      }
    }
  }

  async function renewToken(error: SlackError, refused: string): Promise<string | undefined> {
    if (!(error instanceof SlackApiError) || !REFUSED_TOKEN.has(error.slackError)) return undefined;
    try {
      const token = await tokens.renew(refused);
      if (token !== undefined) {
        scopes.forget();
        logger.info({ method: error.method }, 'slack_token_renewed');
      }
      return token;
    } catch (failure) {
      logger.warn({ error: failure instanceof Error ? failure.name : typeof failure }, 'slack_token_not_renewed');
      return undefined;
    }
  }

  return {
    call,
    grantedScopes: () => scopes.current,
    ...(typeof source === 'string' ? { identity: identityOf(source, apiUrl) } : {}),
  };
}

/** Slack limits posts by channel, everything else by method. */
function limitKey(method: string, args: Readonly<Record<string, unknown>>): string {
  return method === 'chat.postMessage' ? `${method} ${String(args['channel'])}` : method;
}

function isRetryable(error: SlackError): boolean {
  if (!(error instanceof SlackNetworkError) || ANSWERED_WRONGLY.has(error.failure)) return false;
  if (error.failure === 'unreachable') return true;
  return error.outcomeUnknown && isRepeatable(error.method);
}

function nameOf(error: SlackError): string {
  if (error instanceof SlackApiError) return error.slackError;
  return error instanceof SlackNetworkError ? error.failure : error.code;
}

function identityOf(token: string, apiUrl = ''): string {
  return createHash('sha256').update(`${apiUrl} ${token}`).digest('hex').slice(0, 32);
}
