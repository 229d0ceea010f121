import { slackUserOf } from '../../access/slack-user.ts';
import type { Caller } from '../../tools/caller.ts';

/** Carries a caller through the SDKs to the handlers of a request. Holds no token. */
export interface CallerInfo {
  token: '';
  clientId: string;
  scopes: string[];
  extra: { caller: Caller };
}

/** For the SDKs, beside a request; spread, because absent is not undefined there. */
export function authInfoOf(caller: Caller | undefined): { authInfo?: CallerInfo } {
  if (caller === undefined) return {};
  return { authInfo: { token: '', clientId: caller.id, scopes: [caller.rights], extra: { caller } } };
}

/**
 * The caller that the SDKs carried. Where Slack itself calls, the caller is the user that the message names.
 *
 * @param meta - `_meta` of the request's parameters
 */
export function callerOf(
  authInfo: { extra?: Record<string, unknown> } | undefined,
  meta?: unknown,
): Caller | undefined {
  const caller = authInfo?.extra?.['caller'] as Caller | undefined;
  const slack = caller?.kind === 'slack' ? slackUserOf(meta) : undefined;
  return caller === undefined || slack === undefined
    ? caller
    : { ...caller, id: `slack:${slack.teamId}/${slack.userId}`, slack };
}
