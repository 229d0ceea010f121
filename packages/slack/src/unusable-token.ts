import { SlackApiError } from './slack-error.ts';

/** Slack's errors for a token with which no call succeeds. */
const UNUSABLE_TOKEN: ReadonlySet<string> = new Set([
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
]);

/** Whether a call failed because Slack does not accept the token. */
export function isUnusableToken(error: unknown): error is SlackApiError {
  return error instanceof SlackApiError && UNUSABLE_TOKEN.has(error.slackError);
}
