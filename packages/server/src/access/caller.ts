/** What a caller may do: only read, or also write. */
export type Rights = 'read' | 'write';

/** Who calls, as the access guard knows him. */
export interface Caller {
  /** Tells callers apart, and is safe to show: `key:ci`, `jwt:alice`, `slack:T0123/U0123`. Sessions belong to it. */
  readonly id: string;
  /** How he proved who he is. */
  readonly kind: 'key' | 'jwt' | 'slack';
  readonly rights: Rights;
  /** What his access token says, where he brought one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** For whom Slack calls, where Slack calls for somebody. */
  readonly slack?: { readonly teamId: string; readonly userId: string; readonly enterpriseId?: string };
}

/** What carries a caller through the SDKs to the handlers of a request. Holds no token. */
export interface CallerInfo {
  token: '';
  clientId: string;
  scopes: string[];
  extra: { caller: Caller };
}

/** Whether he may do what needs this right; where nobody is asked who he is, anybody may. */
export function mayWrite(caller: Caller | undefined): boolean {
  return caller === undefined || caller.rights === 'write';
}

/** For the SDKs, beside a request; spread, because absent is not undefined there. */
export function authInfoOf(caller: Caller | undefined): { authInfo?: CallerInfo } {
  if (caller === undefined) return {};
  return { authInfo: { token: '', clientId: caller.id, scopes: [caller.rights], extra: { caller } } };
}

/**
 * The caller that the SDKs carried. Where Slack itself calls, he is the user it names in the message.
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

/** The user for whom Slack sends a request. Nothing but Slack's signature over the request makes it true. */
export function slackUserOf(meta: unknown): Caller['slack'] {
  const { team_id, user_id, enterprise_id } = (meta as { slack?: Record<string, unknown> } | undefined)?.slack ?? {};
  if (!isId(team_id) || !isId(user_id)) return undefined;
  return { teamId: team_id, userId: user_id, ...(isId(enterprise_id) ? { enterpriseId: enterprise_id } : {}) };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z][A-Z0-9]{1,31}$/.test(value);
}
