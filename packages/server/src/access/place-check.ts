import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { escapeControls, isLoopback } from '@slack-mcp/core';
import type { Refusal } from './refusal.ts';

/** The host names and web page origins from which the endpoints can be reached. */
export interface PlacePolicy {
  /** The URL of the endpoint as clients see it. The host in `publicUrl` is also allowed. */
  publicUrl?: string | undefined;
  /**
   * Allowed names in the `Host` header, with or without a port. `*` allows all. By default, loopback names and the
   * address that the server listens on are allowed; for a server that listens on all interfaces, any IP address and the
   * name of this machine are allowed. The check of the `Host` header prevents DNS rebinding, because a page that
   * rebinds its domain to this server sends its own domain as `Host`.
   */
  allowedHosts?: readonly string[];
  /** Allowed origins of web pages, for example `https://example.com`. `*` allows all. Default: loopback origins. */
  allowedOrigins?: readonly string[];
}

/**
 * Checks the host, then the origin. If a trusted proxy reports the host that its client asked for, both hosts must be
 * allowed.
 *
 * @param boundTo - the address the server listens on
 */
export function refusePlace(
  { publicUrl, allowedHosts, allowedOrigins }: PlacePolicy,
  headers: IncomingHttpHeaders,
  boundTo: string | undefined,
): Refusal | undefined {
  const publicHost = publicUrl === undefined ? undefined : URL.parse(publicUrl)?.hostname;
  const isAllowed = (host: string | undefined): boolean =>
    (publicHost !== undefined && isHostAllowed(host, [publicHost])) || isHostAllowed(host, allowedHosts, boundTo);
  const { 'x-forwarded-host': forwarded } = headers;
  const hosts = [headers.host, ...(forwarded === undefined ? [] : [String(forwarded)])];
  const refused = hosts.filter((host) => !isAllowed(host));
  if (refused.length > 0) {
    const host = shown(refused[0]);
    return {
      status: 403,
      code: 'host_not_allowed',
      message: `Host not allowed: ${host} is not a name of this server. Its operator can add it to MCP_ALLOWED_HOSTS, or set MCP_PUBLIC_URL.`,
      headers: {},
      log: { host, setting: 'MCP_ALLOWED_HOSTS' },
    };
  }
  if (!isOriginAllowed(headers.origin, allowedOrigins)) {
    const origin = shown(headers.origin);
    return {
      status: 403,
      code: 'origin_not_allowed',
      message: `Origin not allowed: web pages from ${origin} may not use this server. Its operator can add it to MCP_ALLOWED_ORIGINS.`,
      headers: {},
      log: { origin, setting: 'MCP_ALLOWED_ORIGINS' },
    };
  }
  return undefined;
}

/** A header value that is safe to show. */
function shown(value: string | undefined): string {
  return value === undefined ? '(none)' : escapeControls(JSON.stringify(value.slice(0, 200)));
}

function isHostAllowed(host: string | undefined, allowed: readonly string[] | undefined, boundTo?: string): boolean {
  if (allowed?.includes('*') === true) return true;
  const name = hostnameOf(host);
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

/** The name in a `Host` header, in lower case and without the port. */
function hostnameOf(host: string | undefined): string | undefined {
  if (host === undefined) return undefined;
  // The usual hosts, without the time that a URL takes.
  const [, usual] = /^(localhost|127\.0\.0\.1)(?::[1-5]?\d{1,4})?$/.exec(host) ?? [];
  return usual ?? URL.parse(`http://${host}`)?.hostname;
}

function isOriginAllowed(origin: string | undefined, allowed: readonly string[] | undefined): boolean {
  if (origin === undefined || allowed?.includes('*') === true) return true;
  if (allowed !== undefined) return allowed.some((entry) => entry.toLowerCase() === origin.toLowerCase());
  const url = URL.parse(origin);
  return url !== null && isLoopback(url.hostname);
}
