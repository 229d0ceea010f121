import type { ConfigurationError } from '@slack-mcp/core';

/** Makes the error of an option or a variable: `problem` goes on after its name. */
export type Refuse = (problem: string) => ConfigurationError;

/** What the URL of a Redis says. */
export interface RedisUrl {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  readonly tls: boolean;
}

/**
 * Reads `redis://user:password@host:port/database`; `rediss://` speaks TLS.
 *
 * @throws ConfigurationError - made by `refuse`; the problem never shows a part of the URL
 */
export function parseRedisUrl(text: string, refuse: Refuse): RedisUrl {
  const url = URL.parse(text);
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw refuse('is not a URL with redis:// or rediss://');
  }
  if (url.search !== '' || url.hash !== '') {
    throw refuse(
      'has a query or a fragment, which nothing reads: user and password go before the host, with ? as %3F and # as %23',
    );
  }
  const path = url.pathname.replace(/^\//, '');
  if (!/^\d{0,5}$/.test(path)) throw refuse('has a path that is not the number of a database');
  const decoded = (part: string): string | undefined => {
    if (part === '') return undefined;
    try {
      return decodeURIComponent(part);
    } catch {
      throw refuse('has credentials that are not percent-encoded: % is written %25, @ is %40, / is %2F');
    }
  };
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    username: decoded(url.username),
    password: decoded(url.password),
    database: Number(path),
    tls: url.protocol === 'rediss:',
  };
}
