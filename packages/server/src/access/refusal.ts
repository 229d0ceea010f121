import type { HttpErrorCode } from '../http/http-errors.ts';

/** Why a request is refused. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 413 | 429 | 503;
  readonly code: HttpErrorCode;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Extra log fields, logged with the first refusal of a kind. */
  readonly log?: Readonly<Record<string, string>>;
  /** The error code in JSON-RPC responses. Default: -32000. */
  readonly rpcCode?: number;
}

/** Thrown for a refused request. The error handler of each endpoint formats the refusal. */
export class AccessRefusedError extends Error {
  readonly refusal: Refusal;
  /** The HTTP status, for error handlers that do not handle refusals themselves. */
  readonly statusCode: number;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'AccessRefusedError';
    this.refusal = refusal;
    this.statusCode = refusal.status;
  }
}

/** Creates the refusal for a caller that has reached one of its limits. */
export function tooMany(what: string, retryAfterSeconds: number): Refusal {
  return {
    status: 429,
    code: 'too_many_requests',
    message: `${what} Try again in ${retryAfterSeconds} s.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  };
}
