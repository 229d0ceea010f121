import type { Refuse } from './refuse.ts';

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `host:port` or `host`, of which a host may be an IPv6 address in brackets.
 *
 * @throws ConfigurationError - made by `refuse`; the problem never shows a part of the items
 */
export function parseAddresses(items: readonly string[], defaultPort: number, refuse: Refuse): readonly Address[] {
  return items.map((item) => {
    const url = URL.parse(`tcp://${item}`);
    if (
      url === null ||
      url.hostname === '' ||
      url.username !== '' ||
      !/^\/?$/.test(url.pathname) ||
      url.search !== ''
    ) {
      throw refuse('holds an item that is not host:port');
    }
    if (url.port === '0') throw refuse('holds the port 0, at which no server can listen');
    return { host: hostOf(url), port: url.port === '' ? defaultPort : Number(url.port) };
  });
}

/** `host:port`. */
export function formatAddress({ host, port }: Address): string {
  return `${host}:${port}`;
}

/** The host without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}
