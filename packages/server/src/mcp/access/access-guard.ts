import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { isLoopback } from '../../config/is-loopback.ts';
import { createBearerCheck } from './bearer-check.ts';

/** Who may use the endpoints. */
export interface AccessPolicy {
  /** Bearer tokens, one of which every request must bring. Without it no token is asked for. */
  auth?: { tokens: readonly string[] };
  /**
   * Names in the `Host` header that are answered, with or without a port; `*` answers all. Default: loopback names and
   * the address listened on, which is any IP address and this machine's name when that is all interfaces. A page that
   * rebinds its domain to this server comes with another name.
   */
  allowedHosts?: readonly string[];
  /** Origins of web pages that are answered, like `https://example.com`; `*` answers all. Default: loopback origins. */
  allowedOrigins?: readonly string[];
}

/** Why a request is not answered. */
export interface Refusal {
  status: 401 | 403;
  code: 'unauthorized' | 'host_not_allowed' | 'origin_not_allowed';
  message: string;
  headers: Record<string, string>;
}

/** Decides about requests by their headers alone. */
export interface AccessGuard {
  /**
   * `undefined` when the request may be answered.
   *
   * @param boundTo - the address listened on
   */
  refuse(headers: IncomingHttpHeaders, boundTo: string | undefined): Refusal | undefined;
  /** An opaque name of whoever holds the token of the request; `undefined` where none is asked for. */
  caller(headers: IncomingHttpHeaders): string | undefined;
}

/**
 * Host first, then origin, then token: a page in a browser learns nothing about tokens.
 *
 * @throws Error for an `auth` without tokens
 */
export function createAccessGuard({ auth, allowedHosts, allowedOrigins }: AccessPolicy): AccessGuard {
  const holder = auth === undefined ? undefined : createBearerCheck(auth.tokens);

  return {
    refuse(headers, boundTo) {
      if (!isHostAllowed(headers.host, allowedHosts, boundTo)) {
        return {
          status: 403,
          code: 'host_not_allowed',
          message: 'Host not allowed: this server is not reached by this name.',
          headers: {},
        };
      }
      if (!isOriginAllowed(headers.origin, allowedOrigins)) {
        return {
          status: 403,
          code: 'origin_not_allowed',
          message: 'Origin not allowed: web pages from there may not use this server.',
          headers: {},
        };
      }
      if (holder === undefined || holder(headers.authorization) !== undefined) return undefined;
      const given = headers.authorization === undefined ? '' : ', error="invalid_token"';
      return {
        status: 401,
        code: 'unauthorized',
        message: 'A valid bearer token is needed: Authorization: Bearer <token>.',
        headers: { 'www-authenticate': `Bearer realm="slack-mcp"${given}` },
      };
    },
    caller: (headers) => holder?.(headers.authorization),
  };
}

function isHostAllowed(host: string | undefined, allowed: readonly string[] | undefined, boundTo?: string): boolean {
  if (allowed?.includes('*') === true) return true;
  const name = host === undefined ? undefined : parseUrl(`http://${host}`)?.hostname;
  if (host === undefined || name === undefined) return false;
  if (allowed !== undefined) {
    return allowed.some((entry) => entry.toLowerCase() === name || entry.toLowerCase() === host.toLowerCase());
  }
  if (isLoopback(name)) return true;
  const bare = name.replace(/^\[|\]$/g, '');
  return boundTo === '0.0.0.0' || boundTo === '::'
    ? isIP(bare) !== 0 || bare === hostname().toLowerCase()
    : bare === boundTo?.toLowerCase();
}

function isOriginAllowed(origin: string | undefined, allowed: readonly string[] | undefined): boolean {
  if (origin === undefined || allowed?.includes('*') === true) return true;
  if (allowed !== undefined) return allowed.some((entry) => entry.toLowerCase() === origin.toLowerCase());
  const url = parseUrl(origin);
  return url !== undefined && isLoopback(url.hostname);
}

function parseUrl(text: string): URL | undefined {
  return URL.parse(text) ?? undefined;
}
