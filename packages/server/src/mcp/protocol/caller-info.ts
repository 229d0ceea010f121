import type { Caller } from '../../tools/caller.ts';
import type { Narrowing } from '../../tools/narrowing.ts';
import type { ListClient } from './service-lists.ts';

/** Passes a caller through the SDKs to the handlers of a request. Contains no token. */
export interface CallerInfo {
  token: '';
  clientId: string;
  scopes: string[];
  extra: { caller: Caller | undefined; narrowing: Narrowing | undefined };
}

/**
 * Returns auth info that passes a caller, and the selection of tools in its request, through the SDKs. Spread the
 * result, because the SDKs distinguish an absent member from `undefined`.
 */
export function authInfoOf(caller: Caller | undefined, narrowing?: Narrowing): { authInfo?: CallerInfo } {
  if (caller === undefined && narrowing === undefined) return {};
  const { id = '', rights = 'write' } = caller ?? {};
  return { authInfo: { token: '', clientId: id, scopes: [rights], extra: { caller, narrowing } } };
}

/** Extracts the caller from the SDKs' auth info. */
export function callerOf(authInfo: { extra?: Record<string, unknown> } | undefined): Caller | undefined {
  return authInfo?.extra?.['caller'] as Caller | undefined;
}

/** Extracts the selection of tools of a request from the SDKs' auth info. */
export function selectionOf(authInfo: { extra?: Record<string, unknown> } | undefined): Narrowing | undefined {
  return authInfo?.extra?.['narrowing'] as Narrowing | undefined;
}

/** Extracts the client of a request, who decides which tools it sees, from the SDKs' auth info. */
export function clientOf(authInfo: { extra?: Record<string, unknown> } | undefined): ListClient {
  return { caller: callerOf(authInfo), narrowing: selectionOf(authInfo) };
}
