import type { Caller } from '../../tools/caller.ts';

/** Passes a caller through the SDKs to the handlers of a request. Contains no token. */
export interface CallerInfo {
  token: '';
  clientId: string;
  scopes: string[];
  extra: { caller: Caller };
}

/**
 * Returns the auth info that carries a caller through the SDKs. Spread the result, because the SDKs distinguish an
 * absent member from `undefined`.
 */
export function authInfoOf(caller: Caller | undefined): { authInfo?: CallerInfo } {
  if (caller === undefined) return {};
  return { authInfo: { token: '', clientId: caller.id, scopes: [caller.rights], extra: { caller } } };
}

/** Extracts the caller from the SDKs' auth info. */
export function callerOf(authInfo: { extra?: Record<string, unknown> } | undefined): Caller | undefined {
  return authInfo?.extra?.['caller'] as Caller | undefined;
}
