import { isJsonObject, type JsonObject } from '../json.ts';
import { SlackApiError } from '../slack-api-error.ts';
import type { SharedFile } from '../workspace/shared-files.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type Actor, Call } from './call.ts';
import { type InjectedAnswer, InjectedAnswers } from './injected-answers.ts';
import type { Method } from './method.ts';
import { METHODS } from './method-table.ts';
import { type ArgumentSource, parseArguments } from './parse-arguments.ts';
import { RateLimiter } from './rate-limiter.ts';

/** A recorded call of the Web API with its response, without the token. */
export interface WebApiCall {
  readonly method: string;
  readonly arguments: JsonObject;
  /** The real time of the call, in milliseconds since the epoch. */
  readonly at: number;
  /** HTTP status of the response. */
  readonly status: number;
  /** Slack's error name; undefined if the call succeeded. */
  readonly error: string | undefined;
}

/** The HTTP response of the Web API. */
export interface WebApiAnswer {
  status: number;
  headers: Record<string, string>;
  body: JsonObject;
}

/**
 * Answers Web API calls. If an answer is injected for a call, returns that answer; otherwise checks the token, the rate
 * limit and the scopes, and runs the method.
 */
export class WebApi {
  /** All calls so far, oldest first. */
  readonly calls: WebApiCall[] = [];
  readonly #injected = new InjectedAnswers();
  readonly #workspace: Workspace;
  readonly #botToken: string;
  readonly #bot: Actor;
  readonly #user: { readonly token: string; readonly actor: Actor } | undefined;
  readonly #limiter: RateLimiter | undefined;
  readonly #appToken: string;
  readonly #orgToken: boolean;
  readonly #openConnection: (() => string) | undefined;

  constructor(options: {
    workspace: Workspace;
    botToken: string;
    appToken: string;
    /** Creates the address of a Socket Mode connection; undefined when the app does not use Socket Mode. */
    openConnection?: (() => string) | undefined;
    scopes: readonly string[];
    userToken: string | undefined;
    userId: string;
    userScopes: readonly string[];
    rateLimits: 'off' | 'slack';
    orgToken: boolean;
  }) {
    this.#workspace = options.workspace;
    this.#botToken = options.botToken;
    this.#appToken = options.appToken;
    this.#orgToken = options.orgToken;
    this.#openConnection = options.openConnection;
    const { workspace, userToken, userId } = options;
    this.#bot = { kind: 'bot', userId: workspace.bot.userId, scopes: new Set(options.scopes) };
    const user: Actor = { kind: 'user', userId, scopes: new Set(options.userScopes) };
    this.#user = userToken === undefined ? undefined : { token: userToken, actor: user };
    this.#limiter = options.rateLimits === 'slack' ? new RateLimiter() : undefined;
  }

  /** Injects an answer for the next `times` calls of a method. @throws TypeError if the method does not exist */
  order(methodName: string, answer: InjectedAnswer, times: number): void {
    if (!METHODS.has(methodName))
      throw new TypeError(`The simulator has no Web API method '${methodName}'. Its README lists the methods.`);
    this.#injected.add(methodName, answer, times);
  }

  /** Answers one call. Never throws, whatever the caller sends. */
  answer(methodName: string, authorization: string | undefined, source: ArgumentSource): WebApiAnswer {
    const method = METHODS.get(methodName);
    const headers: Record<string, string> = {};
    let callArguments: JsonObject = {};
    let answer: WebApiAnswer;
    try {
      if (!method) throw new SlackApiError('unknown_method', { req_method: methodName });
      const { token, ...rest } = parseArguments(source, method.acceptsJson);
      callArguments = rest;
      const ordered = this.#ordered(methodName);
      if (ordered) answer = ordered;
      else {
        const actor = method.anonymous ? this.#bot : this.#authenticate(authorization, token, method, headers);
        answer = this.#limited(methodName, method, callArguments) ?? {
          status: 200,
          headers,
          body: { ok: true, ...this.#run(method, actor, callArguments) },
        };
      }
    } catch (error) {
      if (!(error instanceof SlackApiError)) throw error;
      answer = { status: 200, headers, body: { ok: false, error: error.code, ...error.details } };
    }
    if (lacksCharset(source)) addWarning(answer.body, 'missing_charset');
    const error = answer.body.ok === true ? undefined : String(answer.body.error);
    this.calls.push({ method: methodName, arguments: callArguments, at: Date.now(), status: answer.status, error });
    return answer;
  }

  /**
   * Returns the file whose `url_private` contains this id, or undefined if the token may not see it.
   *
   * @param authorization - the header with the token
   */
  fileFor(authorization: string | undefined, id: string): SharedFile | undefined {
    const token = /^Bearer\s+(.+)$/i.exec(authorization ?? '')?.[1];
    const actor = this.#actorOf(token);
    const file = this.#workspace.uploads.files.get(id);
    if (actor === undefined || file === undefined || !actor.scopes.has('files:read')) return undefined;
    return new Call(this.#workspace, actor, {}).seesFile(file) ? file : undefined;
  }

  #actorOf(token: unknown): Actor | undefined {
    if (token === this.#botToken) return this.#bot;
    return this.#user !== undefined && token === this.#user.token ? this.#user.actor : undefined;
  }

  #authenticate(
    authorization: string | undefined,
    argument: unknown,
    method: Method,
    headers: Record<string, string>,
  ): Actor {
    const token = /^Bearer\s+(.+)$/i.exec(authorization ?? '')?.[1] ?? argument;
    if (token === undefined || token === '') throw new SlackApiError('not_authed');
    const isApp = token === this.#appToken;
    const actor = this.#actorOf(token);
    if (!isApp && actor === undefined) throw new SlackApiError('invalid_auth');
    if (isApp !== (method.appToken === true)) throw new SlackApiError('not_allowed_token_type');
    if (actor === undefined) return this.#bot;
    if (method.tokens?.includes(actor.kind) === false) throw new SlackApiError('not_allowed_token_type');
    headers['x-oauth-scopes'] = [...actor.scopes].join(',');
    if (method.scopes.length > 0) headers['x-accepted-oauth-scopes'] = method.scopes.join(',');
    return actor;
  }

  #run(method: Method, actor: Actor, callArguments: JsonObject): JsonObject {
    const call = new Call(this.#workspace, actor, callArguments, this.#openConnection);
    if (!method.checksScopesItself) {
      const named = method.missingScope?.(this.#workspace.behavior);
      for (const scope of method.scopes) call.requireScope(scope, named);
    }
    if (method.needsTeam && this.#orgToken && call.text('team_id') === undefined) {
      // Documented for conversations.list and users.list: "required if org token is used".
      throw new SlackApiError('missing_argument', { arg: 'team_id' });
    }
    return method.run(call);
  }

  #limited(methodName: string, method: Method, callArguments: JsonObject): WebApiAnswer | undefined {
    const key = method.tier === 'post' ? `${methodName} ${String(callArguments.channel)}` : methodName;
    const retryAfterS = this.#limiter?.take(key, method.tier);
    return retryAfterS === undefined ? undefined : rateLimited(retryAfterS);
  }

  #ordered(methodName: string): WebApiAnswer | undefined {
    const answer = this.#injected.take(methodName);
    if (answer?.kind === 'rate-limit') return rateLimited(answer.retryAfterS);
    if (answer?.kind === 'error') return { status: 200, headers: {}, body: { ok: false, error: answer.error } };
    if (answer?.kind === 'status')
      return { status: answer.status, headers: {}, body: { ok: false, error: 'internal_error' } };
    return undefined;
  }
}

function rateLimited(retryAfterS: number): WebApiAnswer {
  return { status: 429, headers: { 'retry-after': String(retryAfterS) }, body: { ok: false, error: 'ratelimited' } };
}

/** Returns Slack's warning about a JSON body whose content type has no charset. */
function lacksCharset({ contentType, body }: ArgumentSource): boolean {
  return Boolean(body) && /^application\/json\s*$/i.test(contentType ?? '');
}

function addWarning(body: JsonObject, warning: string): void {
  const metadata = isJsonObject(body.response_metadata) ? body.response_metadata : {};
  const warnings = Array.isArray(metadata.warnings) ? metadata.warnings : [];
  body.warning = [...(typeof body.warning === 'string' ? [body.warning] : []), warning].join(',');
  body.response_metadata = { ...metadata, warnings: [...warnings, warning] };
}
