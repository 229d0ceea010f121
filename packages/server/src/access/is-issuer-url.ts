import { isLoopback } from '@slack-mcp/core';

/**
 * Whether an issuer's keys may be fetched from this URL. An unencrypted connection to a remote host is not allowed,
 * because an attacker could replace the keys.
 */
export function isIssuerUrl(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? {};
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname ?? ''));
}
