/** Why a request is not answered. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 503;
  readonly code:
    | 'unauthorized'
    | 'invalid_request'
    | 'insufficient_scope'
    | 'authorization_unavailable'
    | 'host_not_allowed'
    | 'origin_not_allowed'
    | 'team_not_allowed';
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request that is not answered; whoever serves it gives this the shape of its errors. */
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
