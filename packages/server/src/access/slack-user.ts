import type { Caller } from '../tools/caller.ts';

/**
 * The user on whose behalf Slack sends a request. Trust the returned user only if Slack's signature covers the request.
 */
export function slackUserOf(meta: unknown): Caller['slack'] {
  const { team_id, user_id, enterprise_id } = (meta as { slack?: Record<string, unknown> } | undefined)?.slack ?? {};
  if (!isId(team_id) || !isId(user_id)) return undefined;
  return { teamId: team_id, userId: user_id, ...(isId(enterprise_id) ? { enterpriseId: enterprise_id } : {}) };
}

/** Returns the app that a message names, without checking the name. */
export function slackAppOf(meta: unknown): unknown {
  const { app_id, api_app_id } = (meta as { slack?: Record<string, unknown> } | undefined)?.slack ?? {};
  return app_id ?? api_app_id;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z][A-Z0-9]{1,31}$/.test(value);
}
