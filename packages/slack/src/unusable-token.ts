/** Slack's names of a token that it does not take: no call succeeds with it, whatever its arguments. */
export const UNUSABLE_TOKEN: ReadonlySet<string> = new Set([
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
]);
