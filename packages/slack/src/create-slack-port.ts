import { createHash } from 'node:crypto';
import { backoffDelay, type JsonObject, type Logger, silentLogger } from '@slack-mcp/core';
import { noteActor } from './acted-as.ts';
import { attemptCall } from './call-attempt.ts';
import { CircuitBreakers, type CircuitBreakersOptions } from './circuit-breakers.ts';
import { type Credential, Credentials, isWorkspaceTokens } from './credentials.ts';
import { downloadFile } from './download-file.ts';
import type { ProxySettings } from './egress/proxy-settings.ts';
import { createSlackEgress, type SlackEgress } from './egress/slack-egress.ts';
import { encodeForm } from './form.ts';
import { isRepeatable } from './repeatable-methods.ts';
import {
  ANSWERED_WRONGLY,
  SlackApiError,
  SlackError,
  SlackNetworkError,
  SlackRateLimitedError,
  SlackTokenMissingError,
} from './slack-error.ts';
import { outcomeOf, type SlackObserver, type SlackOutcome } from './slack-observer.ts';
import type { SlackCallOptions, SlackPort } from './slack-port.ts';
import type { TokenSource, WorkspaceTokens } from './slack-tokens.ts';
import { withTeamId } from './team-methods.ts';
import { traced } from './tracing.ts';
import { unlessAborted } from './unless-aborted.ts';
import { isUnusableToken } from './unusable-token.ts';
import { uploadFile } from './upload-file.ts';
import { wait } from './wait.ts';

/** Options of `createSlackPort`. */
export interface SlackPortOptions {
  /**
   * The token of the workspace, or `{ bot, user }` if calls may need both kinds. For a rotating token, pass a function.
   * Without a token, each call rejects with an error that names `SLACK_BOT_TOKEN`.
   */
  token: TokenSource | WorkspaceTokens | undefined;
  /** Base URL of the Web API. Default `https://slack.com/api/`. */
  apiUrl?: string;
  /** Default: no proxy. */
  proxy?: ProxySettings;
  /** A shared network path to Slack, used instead of `apiUrl` and `proxy`. */
  egress?: SlackEgress;
  /** Maximum number of retries after a lost connection, a timeout or a 5xx status. Default 3. */
  retries?: number;
  /** Maximum time for one attempt in milliseconds, including the answer. Default 10000. */
  timeoutMs?: number;
  /** Maximum total time in milliseconds that a call waits for rate limits before it rejects. Default 3000. */
  rateLimitWaitMs?: number;
  /** Settings of the circuit breaker, which refuses calls while Slack is unavailable. */
  circuit?: Pick<CircuitBreakersOptions, 'failures' | 'openMs'>;
  /** Receives methods, durations and failures, but never tokens, arguments or answers. */
  logger?: Logger;
  /** Receives measurements of the calls, for metrics. */
  observer?: SlackObserver | undefined;
}

const METHOD = /^[a-z]\w*(?:\.\w+)+$/i;

/**
 * Creates the untyped Slack client of one workspace. Share the client between all callers that use the same tokens. The
 * client opens no connection before the first call.
 *
 * @throws ConfigurationError - `apiUrl` would send tokens unencrypted
 * @throws TokenSourceError - a token is neither a string nor a function
 */
export function createSlackPort(options: SlackPortOptions): SlackPort {
  const { token: source, retries = 3, timeoutMs = 10_000, rateLimitWaitMs = 3_000, logger = silentLogger } = options;
  const egress = options.egress ?? createSlackEgress(options);
  const credentials = new Credentials(source, timeoutMs);
  const teamId = isWorkspaceTokens(source) ? source.teamId : undefined;
  const { observer } = options;
  const circuits = new CircuitBreakers({
    ...options.circuit,
    onChange: (family, state, openMs) => {
      logger.warn({ family }, state === 'open' ? 'slack_circuit_opened' : 'slack_circuit_closed');
      observer?.circuit(family, state === 'open' ? openMs : 0);
    },
  });

  function call(...parameters: Parameters<typeof callWithRetries>): Promise<JsonObject> {
    const [method] = parameters;
    // The name of a method that is not valid must not become the name of a span.
    if (!METHOD.test(method)) return measured(...parameters);
    const options = { kind: 'client', attributes: { 'rpc.system': 'slack', 'rpc.method': method } } as const;
    return traced(`slack ${method}`, options, () => measured(...parameters));
  }

  async function measured(...parameters: Parameters<typeof callWithRetries>): Promise<JsonObject> {
    const [method] = parameters;
    const started = performance.now();
    let outcome: SlackOutcome | undefined = 'ok';
    try {
      return await callWithRetries(...parameters);
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      // The name of a method that is not valid must not become a label.
      if (outcome !== undefined) observer?.called(method, outcome, performance.now() - started);
    }
  }

  async function callWithRetries(
    method: string,
    args: Readonly<Record<string, unknown>> = {},
    { signal, onWait, as }: SlackCallOptions = {},
  ): Promise<JsonObject> {
    // Slack's client has its own `files.uploadV2`, which reads any local path that it is given.
    if (!METHOD.test(method) || method === 'files.uploadV2') {
      throw new TypeError(
        `The method ${JSON.stringify(String(method).slice(0, 60))} cannot be called: use the name of a Web API method (for example chat.postMessage).`,
      );
    }
    if (args['token'] !== undefined)
      throw new TypeError(
        "The arguments contain a token: remove it and select a token with the option `as` (for example { as: 'user' }).",
      );
    const form = encodeForm(withTeamId(method, args, teamId));
    const credential = credentials.choose(method, as);
    const { limits, scopes, tokens } = credential;
    let token = await unlessAborted(tokens.current(method), signal);
    signal?.throwIfAborted();
    const actor = credential.kindOf(token);
    if (as !== undefined && ![as].flat().includes(actor)) {
      throw new SlackTokenMissingError(method, { kind: [as].flat()[0] ?? 'bot' });
    }
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
          const attempt = { method, form, token, signal, onScopes: (header: string) => scopes.learn(header) };
          const answer = await circuits.run(method, () => attemptCall(egress, attempt, timeoutMs), signal);
          credential.refusal = undefined;
          logger.debug({ method, durationMs: Math.round(performance.now() - started) }, 'slack_called');
          return noteActor(answer, actor);
        } catch (error) {
          if (error instanceof SlackRateLimitedError) {
            limits.limited(key, error.retryAfterSeconds);
            observer?.rateLimited(method);
          }
          throw error;
        } finally {
          admission.leave();
        }
      } catch (error) {
        if (!(error instanceof SlackError)) throw error;
        error.actedAs = actor;
        const fresh = renewed ? undefined : await renewToken(error, token, credential);
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

  async function renewToken(error: SlackError, refused: string, credential: Credential): Promise<string | undefined> {
    if (!(error instanceof SlackApiError)) return undefined;
    credential.refusal = isUnusableToken(error) ? error.slackError : undefined;
    if (credential.refusal === undefined) return undefined;
    try {
      const token = await credential.tokens.renew(refused);
      if (token !== undefined) {
        credential.scopes.forget();
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
    upload: (url, bytes, { signal } = {}) => uploadFile(egress, url, bytes, { signal }),
    async download(url, { signal, as, maxBytes }) {
      const { tokens } = credentials.choose('files.info', as);
      const token = await unlessAborted(tokens.current('files.info'), signal);
      return downloadFile(egress, url, token, { signal, maxBytes });
    },
    grantedScopes: (kind) => credentials.scopes(kind),
    tokenKinds: credentials.kinds,
    health: () => credentials.health(),
    ...(teamId !== undefined && { teamId }),
    ...identityOf(source, options.apiUrl ?? options.egress?.apiUrl),
  };
}

/** Returns the key of a rate limit. Slack limits posts per channel and all other calls per method. */
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

/**
 * Derives the identity from the bot token if there is one, so that adding a user token does not change the identity.
 */
function identityOf(source: SlackPortOptions['token'], apiUrl = ''): { identity?: string } {
  const { bot, user, teamId } = isWorkspaceTokens(source) ? source : { bot: source };
  const token = bot ?? user;
  if (typeof token !== 'string') return {};
  const names = teamId === undefined ? [apiUrl, token] : [apiUrl, token, teamId];
  return { identity: createHash('sha256').update(names.join(' ')).digest('hex').slice(0, 32) };
}
