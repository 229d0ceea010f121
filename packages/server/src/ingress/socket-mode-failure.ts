/** Why there is no connection: a word for health reports and logs, and the time for which Slack asks to wait. */
export interface SocketModeFailure {
  /** Slack's own word if it gave one, such as `internal_error`; otherwise `unreachable`, `ended` or `no_answer`. */
  readonly reason: string;
  /** What happened, for the log. */
  readonly message: string;
  /** Milliseconds that Slack asks to wait. */
  readonly retryAfterMs?: number;
  /** Whether waiting cannot help, because the token or the app must change. */
  readonly isFinal: boolean;
}

/** A step of connecting took too long, or Slack ended it. */
export class ConnectingError extends Error {
  override readonly name: string = 'ConnectingError';
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Errors of `apps.connections.open` that mean: the token or the app is wrong. All other errors may be temporary. */
const FINAL: ReadonlySet<string> = new Set([
  'account_inactive',
  'forbidden_team',
  'invalid_app_id',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'socket_mode_not_enabled',
  'token_expired',
  'token_revoked',
  'unknown_method',
]);

/** Derives from a connection error what to do about it. */
export function describeFailure(error: unknown): SocketModeFailure {
  if (error instanceof ConnectingError) return { reason: error.reason, message: error.message, isFinal: false };
  const message = error instanceof Error ? error.message : 'the connection ended before it was ready';
  const refusal = /^An API error occurred: (\w+)/.exec(message)?.[1];
  if (refusal !== undefined) return { reason: refusal, message, isFinal: FINAL.has(refusal) };
  const seconds = error instanceof Error && 'retryAfter' in error ? Number(error.retryAfter) : Number.NaN;
  if (Number.isFinite(seconds)) {
    return { reason: 'ratelimited', message, retryAfterMs: Math.max(0, seconds) * 1_000, isFinal: false };
  }
  return { reason: 'unreachable', message, isFinal: false };
}
