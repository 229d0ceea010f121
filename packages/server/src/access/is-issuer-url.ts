import { isLoopback } from '../http/is-loopback.ts';

/** Whether an issuer's keys may be fetched from this URL. Keys could be forged on an unencrypted remote connection. */
export function isIssuerUrl(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? {};
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname ?? ''));
}
