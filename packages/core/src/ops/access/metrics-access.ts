import type { EnvReader } from '../../config/env.ts';
import type { EnvVar } from '../../contract/plugin.ts';
import { isLoopback } from '../../http/is-loopback.ts';
import { bearerToken, createOpsKeyCheck, type OpsKey, parseOpsKeys } from './ops-keys.ts';

/** The variable with the keys of `/metrics`, which servers and workers share. */
export const METRICS_KEY: EnvVar = {
  name: 'SLACK_MCP_METRICS_KEY',
  description:
    'Key for `/metrics`, sent as `Authorization: Bearer <key>`. A key needs at least 16 characters. Separate several keys with commas. A key in `SLACK_MCP_OPS_KEY` also works. Without a key, `/metrics` is open on a loopback address and closed on other addresses.',
  example: '3f9c…',
  secret: true,
};

/** Why a request may not read the metrics. */
export interface MetricsRefusal {
  readonly status: 401 | 403;
  readonly code: 'unauthorized' | 'metrics_closed';
  readonly message: string;
}

/** Options of {@link createMetricsCheck}. */
export interface MetricsAccess {
  /** The address that the process listens on. */
  readonly host: string;
  /** The keys that may read the metrics. */
  readonly keys: readonly string[];
}

/**
 * Creates a function that decides, by the header `Authorization`, whether a request may read the metrics. With keys,
 * every request needs one of them. Without keys, the metrics are open on a loopback address and closed on other
 * addresses.
 */
export function createMetricsCheck({
  host,
  keys,
}: MetricsAccess): (authorization: unknown) => MetricsRefusal | undefined {
  const holderOf = createOpsKeyCheck(keys.map((token): OpsKey => ({ name: 'metrics', token, role: 'read' })));
  return (authorization) => {
    if (keys.length === 0) return isLoopback(host) ? undefined : CLOSED;
    const token = bearerToken(authorization);
    return token !== undefined && holderOf(token) !== undefined ? undefined : UNAUTHORIZED;
  };
}

const CLOSED: MetricsRefusal = {
  status: 403,
  code: 'metrics_closed',
  message: `On this address, the metrics need a key: set ${METRICS_KEY.name}.`,
};

const UNAUTHORIZED: MetricsRefusal = {
  status: 401,
  code: 'unauthorized',
  message: 'A valid key is required. Send it as Authorization: Bearer <key>.',
};

/**
 * Reads the keys that give access to the metrics, from `SLACK_MCP_METRICS_KEY` and `SLACK_MCP_OPS_KEY`.
 *
 * @param isPlaceholder - whether a key is a placeholder from the documentation, which anyone can guess
 * @throws ConfigurationError - a key is not valid; the message shows no key
 */
export function readMetricsKeys(env: EnvReader, isPlaceholder: (key: string) => boolean): readonly string[] {
  const own = parseOpsKeys(env.list(METRICS_KEY.name), METRICS_KEY.name);
  if (own.some(({ token }) => isPlaceholder(token))) {
    throw env.error(METRICS_KEY.name, 'contains a placeholder, which anyone can guess: use openssl rand -hex 32');
  }
  return [...own, ...parseOpsKeys(env.list('SLACK_MCP_OPS_KEY'))].map(({ token }) => token);
}
