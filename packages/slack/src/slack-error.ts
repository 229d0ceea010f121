import type { JsonObject } from '@slack-mcp/core';
import { currentScopes } from './current-scopes.ts';
import { isRepeatable } from './repeatable-methods.ts';
import { adviceFor } from './slack-error-advice.ts';
import type { TokenKind } from './token-kind.ts';
import { TokenSourceError } from './token-source-error.ts';

const brand = Symbol.for('@slack-mcp/slack-error');

/** The code of a {@link SlackError}. */
export type SlackErrorCode =
  | 'slack_error'
  | 'rate_limited'
  | 'slack_unreachable'
  | 'slack_unavailable'
  | 'token_missing'
  | 'response_refused';

/**
 * Base class of the errors of a Slack call. Error messages never contain arguments, message text or tokens.
 * `instanceof` also recognizes errors from another copy of the package.
 */
export abstract class SlackError extends Error {
  /** A stable code in snake case. */
  abstract readonly code: SlackErrorCode;
  /** The method that was called, for example `chat.postMessage`. */
  readonly method: string;
  /** The kind of token that the call used; absent if the call sent no token. */
  actedAs?: TokenKind;
  /** What to do next, in one or two sentences without the arguments of the call. */
  abstract readonly nextStep: string;

  constructor(method: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.method = method;
    Object.defineProperty(this, brand, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!isSlackError(value)) return false;
    if (this === SlackError || Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    return classOf.get(value.code) === this;
  }

  /** Details for programs: `method` and, if known, `slack_error`, `needed`, `provided` and `retry_after_s`. */
  get details(): JsonObject {
    return { method: this.method };
  }
}

/** Whether `value` is an error of a Slack call, from this or another copy of the package. */
export function isSlackError(value: unknown): value is SlackError {
  return value instanceof Error && (value as { [brand]?: boolean })[brand] === true;
}

/** Details that Slack reports about an error in addition to its name. */
export interface SlackErrorDetail {
  /** The names of the missing scopes, which may be those of classic apps. */
  readonly needed?: string;
  /** The scopes that the token has. */
  readonly provided?: string;
  /** Descriptions of problems with individual arguments, which may contain parts of the arguments. */
  readonly messages?: readonly string[];
}

/** Thrown if Slack answered `ok: false`. */
export class SlackApiError extends SlackError {
  override readonly name = 'SlackApiError';
  readonly code = 'slack_error';
  /** Slack's name of the error, for example `channel_not_found`. */
  readonly slackError: string;
  /** The current names of the missing scopes, if Slack reports them. */
  readonly needed: string | undefined;
  /** The scopes of the token, if Slack reports them. */
  readonly provided: string | undefined;
  readonly #messages: readonly string[];

  constructor(method: string, slackError: string, detail: SlackErrorDetail = {}) {
    const needed = detail.needed === undefined ? undefined : currentScopes(detail.needed);
    super(method, `Slack refused ${method}: ${slackError}${needed === undefined ? '' : ` (needs ${needed})`}.`);
    this.slackError = slackError;
    this.needed = needed;
    this.provided = detail.provided;
    this.#messages = detail.messages ?? [];
  }

  /**
   * Slack's descriptions of problems with individual arguments, for example for `invalid_blocks`. The descriptions may
   * contain parts of the arguments, so error messages and logs do not contain them.
   */
  get messages(): readonly string[] {
    return this.#messages;
  }

  get nextStep(): string {
    return adviceFor(this.method, this.slackError, this);
  }

  override get details(): JsonObject {
    const { slackError: slack_error, needed, provided } = this;
    return {
      ...super.details,
      slack_error,
      ...(needed === undefined ? {} : { needed }),
      ...(provided === undefined ? {} : { provided }),
    };
  }
}

/** Thrown if Slack asks to wait before the next call of the method. */
export class SlackRateLimitedError extends SlackError {
  override readonly name = 'SlackRateLimitedError';
  readonly code = 'rate_limited';
  /** Seconds until Slack accepts the method again. */
  readonly retryAfterSeconds: number;

  constructor(method: string, retryAfterSeconds: number) {
    super(method, `Slack limits the rate of ${method}: retry after ${retryAfterSeconds} s.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get nextStep(): string {
    return `Wait ${this.retryAfterSeconds} s before calling ${this.method} again; other methods are not affected.`;
  }

  override get details(): JsonObject {
    return { ...super.details, retry_after_s: this.retryAfterSeconds };
  }
}

/**
 * The reason why there is no usable answer. `unreachable` means that nothing was sent, `http_error` a status other than
 * 200 and 429, `invalid_answer` an answer that is not Slack's JSON, and `answer_too_large` an answer above the maximum
 * size.
 */
export type SlackNetworkFailure =
  | 'unreachable'
  | 'timeout'
  | 'connection_lost'
  | 'http_error'
  | 'invalid_answer'
  | 'answer_too_large';

/** Failures that a retry would not fix: the answer is not from Slack, or it is too large. */
export const ANSWERED_WRONGLY: ReadonlySet<SlackNetworkFailure> = new Set(['invalid_answer', 'answer_too_large']);

/** Thrown if Slack sent no usable answer. */
export class SlackNetworkError extends SlackError {
  override readonly name = 'SlackNetworkError';
  readonly code = 'slack_unreachable';
  readonly failure: SlackNetworkFailure;
  /** The HTTP status of the answer, if there was an answer. */
  readonly status: number | undefined;
  /** Whether Slack may have acted on the call although there is no usable answer. */
  readonly outcomeUnknown: boolean;

  constructor(
    method: string,
    failure: SlackNetworkFailure,
    detail: { status?: number; timeoutMs?: number; cause?: unknown } = {},
  ) {
    super(method, `${method}: ${describeFailure(failure, detail)}.`, { cause: detail.cause });
    this.failure = failure;
    this.status = detail.status;
    const refused = detail.status !== undefined && detail.status < 500;
    this.outcomeUnknown = failure !== 'unreachable' && !refused;
  }

  get nextStep(): string {
    if (this.outcomeUnknown && !isRepeatable(this.method)) {
      return 'Slack may have carried out the call anyway: check the channel or thread first, and repeat the call only if the result is missing.';
    }
    return ANSWERED_WRONGLY.has(this.failure)
      ? 'Check SLACK_API_URL and the proxies on the way to Slack.'
      : 'Try again in a moment. If the problem persists, check the network and https://slack-status.com.';
  }
}

/**
 * Thrown while the circuit breaker refuses calls, because calls of the same family of methods failed too many times in
 * a row.
 */
export class SlackCircuitOpenError extends SlackError {
  override readonly name = 'SlackCircuitOpenError';
  readonly code = 'slack_unavailable';
  /** Seconds until the circuit breaker allows the next call. */
  readonly retryAfterSeconds: number;

  constructor(method: string, family: string, retryAfterSeconds: number) {
    super(
      method,
      `${method} was not called: Slack's ${family} methods failed several times in a row. They are tried again in ${retryAfterSeconds} s.`,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get nextStep(): string {
    return `Nothing was sent. Wait ${this.retryAfterSeconds} s and call again. If the problem persists, check the network and https://slack-status.com.`;
  }

  override get details(): JsonObject {
    return { ...super.details, retry_after_s: this.retryAfterSeconds };
  }
}

/**
 * Thrown if there is no token for the call. If the function that returns the token failed, `cause` is the error of that
 * function.
 */
export class SlackTokenMissingError extends SlackError {
  override readonly name = 'SlackTokenMissingError';
  readonly code = 'token_missing';
  /** The kind of token that the call needs. */
  readonly kind: TokenKind;
  readonly #team: string | undefined;

  /** @param options - `team` is the id of a workspace without a configured token */
  constructor(method: string, options: ErrorOptions & { kind?: TokenKind; team?: string } = {}) {
    const { kind = 'bot', team, ...rest } = options;
    const needed = team === undefined ? `a ${kind} token` : `a token of the workspace ${team}`;
    super(method, `${method} needs ${needed} and ${whyMissing(kind, options)}.`, rest);
    this.kind = kind;
    this.#team = team;
  }

  get nextStep(): string {
    if (this.cause !== undefined)
      return 'The function that returns the token failed: ask the operator of the server to fix it.';
    if (this.#team !== undefined) return 'Add a name for the workspace to SLACK_WORKSPACES, and set its token.';
    const [variable, prefix] = this.kind === 'bot' ? ['SLACK_BOT_TOKEN', 'xoxb-'] : ['SLACK_USER_TOKEN', 'xoxp-'];
    return `Set ${variable} to the ${this.kind} token of your Slack app (it begins with ${prefix}) and start the server again.`;
  }
}

/** Thrown if a `response_url` did not accept a message. */
export class SlackResponseError extends SlackError {
  override readonly name = 'SlackResponseError';
  readonly code = 'response_refused';
  /** The HTTP status of the answer, if there was an answer. */
  readonly status: number | undefined;

  constructor(problem: string, detail: { status?: number; cause?: unknown } = {}) {
    super('response_url', `The response was not posted: ${problem}.`, { cause: detail.cause });
    this.status = detail.status;
  }

  get nextStep(): string {
    return 'Slack accepts five responses within 30 minutes of an interaction. After that, post a message instead.';
  }
}

const classOf: ReadonlyMap<SlackErrorCode, unknown> = new Map<SlackErrorCode, unknown>([
  ['slack_error', SlackApiError],
  ['rate_limited', SlackRateLimitedError],
  ['slack_unreachable', SlackNetworkError],
  ['slack_unavailable', SlackCircuitOpenError],
  ['token_missing', SlackTokenMissingError],
  ['response_refused', SlackResponseError],
]);

function whyMissing(kind: TokenKind, options: ErrorOptions & { team?: string }): string {
  if (options.team !== undefined) return 'no entry of SLACK_WORKSPACES belongs to it';
  const variable = `SLACK_${kind.toUpperCase()}_TOKEN`;
  if (!('cause' in options)) {
    return `${variable} is not set (for example ${variable}=${kind === 'bot' ? 'xoxb' : 'xoxp'}-your-token)`;
  }
  return options.cause instanceof TokenSourceError ? options.cause.message : 'its source failed';
}

function describeFailure(failure: SlackNetworkFailure, detail: { status?: number; timeoutMs?: number }): string {
  switch (failure) {
    case 'unreachable':
      return 'Slack could not be reached';
    case 'timeout':
      return `Slack did not answer within ${detail.timeoutMs} ms`;
    case 'connection_lost':
      return 'the connection to Slack was lost before the answer arrived';
    case 'http_error':
      return `Slack answered with HTTP status ${detail.status}`;
    case 'invalid_answer':
      return 'the answer is not from Slack (a proxy or a wrong SLACK_API_URL?)';
    case 'answer_too_large':
      return 'the answer is above the maximum size (a file that is too large, a proxy, or a wrong SLACK_API_URL?)';
  }
}
