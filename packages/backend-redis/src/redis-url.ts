import { parseBrokerUrl, type Refuse } from '@slack-mcp/core/backend';

const SCHEMES = { redis: { port: 6379, tls: false }, rediss: { port: 6379, tls: true } };

/** The parts of a Redis URL. */
export interface RedisUrl extends Omit<ReturnType<typeof parseBrokerUrl>, 'path'> {
  readonly database: number;
}

/**
 * Parses `redis://user:password@host:port/database`. `rediss://` means TLS.
 *
 * @throws ConfigurationError - the URL is invalid; the message, created by `refuse`, never contains a part of the URL
 */
export function parseRedisUrl(text: string, refuse: Refuse): RedisUrl {
  const { path, ...url } = parseBrokerUrl(text, SCHEMES, refuse);
  if (!/^\d{0,5}$/.test(path)) throw refuse('has a path that is not a database number');
  return { ...url, database: Number(path) };
}
