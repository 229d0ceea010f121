import { type Address, hostOf } from './address.ts';
import type { Refuse } from './refuse.ts';

/** The default port of a URL scheme and whether the scheme uses TLS. */
export interface BrokerScheme {
  /** The default port. */
  readonly port: number;
  readonly tls: boolean;
}

/** The parsed URL of a broker. */
export interface BrokerUrl extends Address {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: boolean;
  /** The decoded path without the leading slash: a database or a virtual host. */
  readonly path: string;
}

/**
 * Parses `scheme://user:password@host:port/path`.
 *
 * @param schemes - the accepted schemes by name, for example `{ redis: { port: 6379, tls: false } }`
 * @throws ConfigurationError - the URL is invalid; `refuse` creates the error, and its message never contains a part of
 *   the URL
 */
export function parseBrokerUrl(
  text: string,
  schemes: Readonly<Record<string, BrokerScheme>>,
  refuse: Refuse,
): BrokerUrl {
  const url = URL.parse(text);
  const name = url?.protocol.slice(0, -1) ?? '';
  const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined;
  if (url === null || scheme === undefined || url.hostname === '') {
    const known = Object.keys(schemes).map((each) => `${each}://`);
    throw refuse(`is not a URL with ${known.join(' or ')}`);
  }
  if (url.search !== '' || url.hash !== '') {
    throw refuse(
      'has a query or a fragment, which is not supported: in a user or password, write ? as %3F and # as %23',
    );
  }
  const decoded = (part: string, what: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw refuse(`has ${what} that are not percent-encoded: write % as %25, @ as %40 and / as %2F`);
    }
  };
  return {
    host: hostOf(url),
    port: url.port === '' ? scheme.port : Number(url.port),
    username: decoded(url.username, 'credentials') || undefined,
    password: decoded(url.password, 'credentials') || undefined,
    tls: scheme.tls,
    path: decoded(url.pathname.replace(/^\//, ''), 'characters in its path'),
  };
}
