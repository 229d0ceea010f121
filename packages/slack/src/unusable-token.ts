import { SlackApiError } from './slack-error.ts';

/** Slack's errors for a token that Slack does not accept for any call. */
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
