/** Thrown if the function `oauthToken` failed. */
export class TokenError extends Error {
  constructor(cause: unknown) {
    super('the function oauthToken failed', { cause });
    this.name = 'TokenError';
  }
}
