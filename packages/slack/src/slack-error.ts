import type { JsonObject } from '@slack-mcp/core';
import { currentScopes } from './current-scopes.ts';
import { isRepeatable } from './repeatable-methods.ts';
import { adviceFor } from './slack-error-advice.ts';
import { TokenSourceError } from './token-source-error.ts';

/** Base of what a call of Slack's Web API rejects with. Messages never hold arguments, texts or tokens. */
export abstract class SlackError extends Error {
  /** Stable, in snake case. */
  abstract readonly code: string;
  /** The method that was called, for example `chat.postMessage`. */
  readonly method: string;
  /** What to do next, in one or two sentences. Holds nothing of the call's arguments. */
  abstract readonly nextStep: string;

  constructor(method: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.method = method;
  }

  /** What the error says for programs: `method`, and where it is known `slack_error`, `needed`, `provided`, `retry_after_s`. */
  get details(): JsonObject {
    return { method: this.method };
  }
}

/** Slack answered `ok: false`. */
export class SlackApiError extends SlackError {
  readonly code = 'slack_error';
  /** Slack's name of the error, for example `channel_not_found`. */
  readonly slackError: string;
  /** The scope that is missing, where Slack says so, by the name that apps of today can add. */
  readonly needed: string | undefined;
  /** The scopes that the token has, where Slack says so. */
  readonly provided: string | undefined;

  constructor(method: string, slackError: string, scopes: { needed?: string; provided?: string } = {}) {
    const needed = scopes.needed === undefined ? undefined : currentScopes(scopes.needed);
    super(method, `Slack refused ${method}: ${slackError}${needed === undefined ? '' : ` (needs ${needed})`}.`);
    this.slackError = slackError;
    this.needed = needed;
    this.provided = scopes.provided;
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

/** Slack asks to wait before the next call of this method. */
export class SlackRateLimitedError extends SlackError {
  readonly code = 'rate_limited';
  /** Seconds until Slack takes the method again. */
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
 * Why no usable answer came: `unreachable` (nothing was sent), `timeout`, `connection_lost`, `http_error` (a status
 * other than 200 and 429), `invalid_answer` (not Slack's JSON), `answer_too_large` (more than it ever is).
 */
export type SlackNetworkFailure =
  | 'unreachable'
  | 'timeout'
  | 'connection_lost'
  | 'http_error'
  | 'invalid_answer'
  | 'answer_too_large';

/** Failures that an attempt more would not mend: something answers, and it is not Slack. */
export const ANSWERED_WRONGLY: ReadonlySet<SlackNetworkFailure> = new Set(['invalid_answer', 'answer_too_large']);

/** No usable answer came from Slack. */
export class SlackNetworkError extends SlackError {
  readonly code = 'slack_unreachable';
  readonly failure: SlackNetworkFailure;
  /** The HTTP status, where there was one. */
  readonly status: number | undefined;
  /** Whether Slack may have acted on the call all the same. */
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
      return 'Slack may have carried it out all the same: look at the channel or thread first, and repeat it only if it is not there.';
    }
    return ANSWERED_WRONGLY.has(this.failure)
      ? 'Check SLACK_API_URL and the proxies on the way to Slack.'
      : 'Try again in a moment; if it stays, check the network and https://slack-status.com.';
  }
}

/** Slack is not called for a while, because methods like this one failed too often in a row. */
export class SlackCircuitOpenError extends SlackError {
  readonly code = 'slack_unavailable';
  /** Seconds until it is tried again. */
  readonly retryAfterSeconds: number;

  constructor(method: string, family: string, retryAfterSeconds: number) {
    super(
      method,
      `${method} was not called: Slack's ${family} methods failed several times in a row, and are tried again in ${retryAfterSeconds} s.`,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get nextStep(): string {
    return `Nothing was sent. Wait ${this.retryAfterSeconds} s and call again; if it stays, check the network and https://slack-status.com.`;
  }

  override get details(): JsonObject {
    return { ...super.details, retry_after_s: this.retryAfterSeconds };
  }
}

/** There is no token to call Slack with. The cause says why, where it was to be had from somewhere. */
export class SlackTokenMissingError extends SlackError {
  readonly code = 'token_missing';

  constructor(method: string, options?: ErrorOptions) {
    const cause = options?.cause;
    const failed = cause instanceof TokenSourceError ? cause.message : 'none could be had';
    const why = options === undefined ? 'SLACK_BOT_TOKEN is not set' : failed;
    super(method, `${method} needs a Slack token and ${why}.`, options);
  }

  get nextStep(): string {
    return this.cause === undefined
      ? 'Set SLACK_BOT_TOKEN to the bot token of your Slack app (it begins with xoxb-) and start the server again.'
      : 'Ask the operator of the server: its source of tokens failed.';
  }
}

function describeFailure(failure: SlackNetworkFailure, detail: { status?: number; timeoutMs?: number }): string {
  switch (failure) {
    case 'unreachable':
      return 'Slack could not be reached';
    case 'timeout':
      return `Slack did not answer within ${detail.timeoutMs} ms`;
    case 'connection_lost':
      return 'the connection to Slack was lost before the answer came';
    case 'http_error':
      return `Slack answered with HTTP status ${detail.status}`;
    case 'invalid_answer':
      return 'the answer is not from Slack (a proxy or a wrong SLACK_API_URL?)';
    case 'answer_too_large':
      return 'the answer is larger than any of Slack (a proxy or a wrong SLACK_API_URL?)';
  }
}
