/** Why a request is not answered. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 413 | 429 | 503;
  readonly code:
    | 'unauthorized'
    | 'invalid_request'
    | 'insufficient_scope'
    | 'authorization_unavailable'
    | 'host_not_allowed'
    | 'origin_not_allowed'
    | 'team_not_allowed'
    | 'signed_by_another_app'
    | 'app_not_named'
    | 'request_repeated'
    | 'bad_request'
    | 'body_too_large'
    | 'body_incomplete'
    | 'overloaded'
    | 'too_many_requests';
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the log says beside the code, of the first of a kind. */
  readonly log?: Readonly<Record<string, string>>;
  /** Its code where it is answered as JSON-RPC. Default -32000. */
  readonly rpcCode?: number;
}

/** A request that is not answered; what serves it gives this the shape of its errors. */
export class AccessRefusedError extends Error {
  readonly refusal: Refusal;
  /** For error handlers that know nothing of refusals. */
  readonly statusCode: number;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = 'AccessRefusedError';
    this.refusal = refusal;
    this.statusCode = refusal.status;
  }
}

/** What a caller is answered who asks for more than it may have now. */
export function tooMany(what: string, retryAfterSeconds: number): Refusal {
  return {
    status: 429,
    code: 'too_many_requests',
    message: `${what} Try again in ${retryAfterSeconds} s.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  };
}
