/** Why connecting failed, with a short reason for health reports and logs, and the wait that Slack asks for. */
export interface SocketModeFailure {
  /**
   * The error code from Slack, such as `internal_error`, if Slack sent a code; otherwise `unreachable`, `ended` or
   * `no_answer`.
   */
  readonly reason: string;
  /** The description of the failure for the log. */
  readonly message: string;
  /** Milliseconds that Slack asks to wait. */
  readonly retryAfterMs?: number;
  /** Whether another attempt cannot succeed, because the token or the app's settings must change first. */
  readonly isFinal: boolean;
}

/** Thrown if a step of connecting took too long, or if Slack ended the connection before `hello`. */
export class ConnectingError extends Error {
  override readonly name: string = 'ConnectingError';
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Errors of `apps.connections.open` which mean that the token or the app's settings are wrong. All other errors of
 * `apps.connections.open` may be temporary.
 */
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

/** Converts a connection error to a reason, a wait time and whether to give up. */
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
