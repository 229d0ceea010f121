import { type Address, hostOf } from './address.ts';
import type { Refuse } from './refuse.ts';

/** What a scheme of a broker's URL means. */
export interface BrokerScheme {
  /** The port when the URL names none. */
  readonly port: number;
  readonly tls: boolean;
}

/** What the URL of a broker says. */
export interface BrokerUrl extends Address {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: boolean;
  /** Decoded, without the slash in front: a database or a virtual host. */
  readonly path: string;
}

/**
 * Reads `scheme://user:password@host:port/path`.
 *
 * @param schemes - by their names, as in `{ redis: { port: 6379, tls: false } }`
 * @throws ConfigurationError - made by `refuse`; the problem never shows a part of the URL
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
      'has a query or a fragment, which is not read: user and password go before the host, with ? as %3F and # as %23',
    );
  }
  const decoded = (part: string, what: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw refuse(`has ${what} that are not percent-encoded: % is written %25, @ is %40, / is %2F`);
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
