import { parseBrokerUrl, type Refuse } from '@slack-mcp/core/backend';

const SCHEMES = { redis: { port: 6379, tls: false }, rediss: { port: 6379, tls: true } };

/** What the URL of a Redis says. */
export interface RedisUrl extends Omit<ReturnType<typeof parseBrokerUrl>, 'path'> {
  readonly database: number;
}

/**
 * Reads `redis://user:password@host:port/database`; `rediss://` speaks TLS.
 *
 * @throws ConfigurationError - made by `refuse`; the problem never shows a part of the URL
 */
export function parseRedisUrl(text: string, refuse: Refuse): RedisUrl {
  const { path, ...url } = parseBrokerUrl(text, SCHEMES, refuse);
  if (!/^\d{0,5}$/.test(path)) throw refuse('has a path that is not the number of a database');
  return { ...url, database: Number(path) };
}
