import type { Refuse } from './refuse.ts';

/** The address of a server. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Parses `host:port` or `host`. The host may be an IPv6 address in brackets.
 *
 * @throws ConfigurationError - an address is invalid; `refuse` creates the error, and its message never contains a part
 *   of an address
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
      throw refuse('contains an item that is not host:port');
    }
    if (url.port === '0') throw refuse('contains port 0, on which no server can listen');
    return { host: hostOf(url), port: url.port === '' ? defaultPort : Number(url.port) };
  });
}

/** Formats an address as `host:port`. */
export function formatAddress({ host, port }: Address): string {
  return `${host}:${port}`;
}

/** The host without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}
