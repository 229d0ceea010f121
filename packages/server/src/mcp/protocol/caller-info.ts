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

/** The caller that the SDKs carried. */
export function callerOf(authInfo: { extra?: Record<string, unknown> } | undefined): Caller | undefined {
  return authInfo?.extra?.['caller'] as Caller | undefined;
}
