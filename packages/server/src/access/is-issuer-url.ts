import { isLoopback } from '../http/is-loopback.ts';

/** Whether an issuer's keys may be fetched from there: what comes unencrypted from afar could be anybody's. */
export function isIssuerUrl(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? {};
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname ?? ''));
}
