import { type Env, type EnvReader, type EnvVar, type Logger, readEnv } from '@slack-mcp/core';
import {
  type Address,
  brokerEnv,
  parseAddresses,
  readAuthority,
  readBrokerEnv,
  readPrivateKey,
  withoutUndefined,
} from '@slack-mcp/core/backend';
import type { RedisBackendOptions } from './options.ts';
import { parseRedisUrl } from './redis-url.ts';

const SHARED = brokerEnv('REDIS', 'Redis');

/**
 * The environment variables of this package. `core` declares variables that every backend reads, such as `QUEUE_KEYS`.
 */
export const REDIS_ENV: readonly EnvVar[] = [
  {
    name: 'REDIS_URL',
    description:
      'URL of Redis, with `redis://` or `rediss://` (TLS), and optionally a user, password and database; required unless you set `REDIS_SENTINELS` or list nodes in `REDIS_CLUSTER`.',
    example: 'redis://localhost:6379/0',
    secret: true,
  },
  ...SHARED.access,
  {
    name: 'REDIS_TLS_CERT',
    description:
      'Client certificate as PEM text or the path of a file, if Redis requires one. Set `REDIS_TLS_KEY` too.',
    example: '/etc/ssl/client.pem',
  },
  {
    name: 'REDIS_TLS_KEY',
    description: 'Private key of `REDIS_TLS_CERT`, as PEM text or the path of a file.',
    example: '/etc/ssl/client.key',
    secret: true,
  },
  {
    name: 'REDIS_SENTINELS',
    description: 'Addresses of the sentinels, separated by commas.',
    example: 'sentinel-1:26379,sentinel-2:26379',
  },
  {
    name: 'REDIS_SENTINEL_NAME',
    description: 'Name under which the sentinels monitor the master.',
    default: 'mymaster',
    example: 'mymaster',
  },
  { name: 'REDIS_SENTINEL_PASSWORD', description: 'Password of the sentinels.', example: '<password>', secret: true },
  {
    name: 'REDIS_CLUSTER',
    description: '`true` if the URL points to a Redis Cluster, or a comma-separated list of cluster nodes.',
    example: 'node-1:6379,node-2:6379',
  },
  ...SHARED.behavior,
  {
    name: 'REDIS_RETENTION',
    description: 'Seconds for which messages are kept for replay after every group has acknowledged them.',
    default: '3600',
    example: '86400',
  },
  {
    name: 'REDIS_MAX_LENGTH',
    description: 'Maximum number of acknowledged messages to keep per key; unacknowledged messages are always kept.',
    default: '100000',
    example: '10000',
  },
  {
    name: 'REDIS_MAX_BACKLOG',
    description:
      'Maximum number of unacknowledged messages per key and group; publishing is refused when a group has reached the limit.',
    default: '1000000',
    example: '200000',
  },
  {
    name: 'REDIS_DEDUPE_WINDOW_MS',
    description:
      'Deduplication window in milliseconds; a message whose id was stored within the window is not stored again.',
    default: '900000',
    example: '3600000',
  },
  {
    name: 'REDIS_LEASE_MS',
    description:
      'Milliseconds after which the messages of an unresponsive consumer are delivered to other consumers; use the same value for all members of a group.',
    default: '30000',
    example: '60000',
  },
  {
    name: 'REDIS_MAX_DELIVERIES',
    description:
      'Maximum number of deliveries of a message that end without an outcome, for example because the consumer died; a message that reaches the limit is parked.',
    default: '25',
    example: '10',
  },
];

/**
 * @param source - the environment variables; default `process.env`
 * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
 */
export function optionsFromEnv(source: Env | undefined, logger: Logger | undefined): RedisBackendOptions {
  const env = readEnv(REDIS_ENV, source);
  const sentinels = env.list('REDIS_SENTINELS');
  const cluster = readCluster(env);
  const discovers = sentinels.length > 0 || Array.isArray(cluster);
  return {
    ...readBrokerEnv(env, 'REDIS', logger),
    ...withoutUndefined({
      url: readUrl(env, cluster, !discovers),
      sentinels: sentinels.length === 0 ? undefined : addresses(env, 'REDIS_SENTINELS', sentinels, 26_379),
      sentinelPassword: env.string('REDIS_SENTINEL_PASSWORD'),
      ...readClientCertificate(env),
    }),
    sentinelName: env.string('REDIS_SENTINEL_NAME', { default: 'mymaster' }),
    cluster,
    retentionMs: env.integer('REDIS_RETENTION', { default: 3_600, max: 10 ** 9 }) * 1_000,
    maxLength: env.integer('REDIS_MAX_LENGTH', { default: 100_000 }),
    maxBacklog: env.integer('REDIS_MAX_BACKLOG', { default: 1_000_000, min: 1 }),
    dedupeWindowMs: env.milliseconds('REDIS_DEDUPE_WINDOW_MS', { default: 900_000, min: 1 }),
    leaseMs: env.milliseconds('REDIS_LEASE_MS', { default: 30_000, min: 100 }),
    maxDeliveries: env.integer('REDIS_MAX_DELIVERIES', { default: 25, min: 1 }),
  };
}

function readClientCertificate(env: EnvReader): { tlsCert?: string; tlsKey?: string } {
  const [certificate, key] = [env.string('REDIS_TLS_CERT'), env.string('REDIS_TLS_KEY')];
  if (certificate === undefined && key === undefined) return {};
  if (certificate === undefined) throw env.error('REDIS_TLS_CERT', 'is not set, but REDIS_TLS_KEY is set: set both');
  if (key === undefined) throw env.error('REDIS_TLS_KEY', 'is not set, but REDIS_TLS_CERT is set: set both');
  return {
    tlsCert: readAuthority(certificate, (problem) => env.error('REDIS_TLS_CERT', problem)),
    tlsKey: readPrivateKey(key, (problem) => env.error('REDIS_TLS_KEY', problem)),
  };
}

function readUrl(env: EnvReader, cluster: boolean | readonly Address[], required: boolean): string | undefined {
  const url = env.url('REDIS_URL', { required, protocols: ['redis:', 'rediss:'] });
  if (url === undefined) return undefined;
  const { database } = parseRedisUrl(url, (problem) => env.error('REDIS_URL', problem));
  if (cluster !== false && database !== 0) {
    throw env.error(
      'REDIS_URL',
      'names a database, but a cluster supports only database 0: remove the number, or unset REDIS_CLUSTER',
    );
  }
  return url;
}

function readCluster(env: EnvReader): boolean | readonly Address[] {
  const listed = env.list('REDIS_CLUSTER');
  const [only = 'false', ...others] = listed;
  const isSwitch = others.length === 0 && !only.includes(':');
  const cluster = isSwitch ? (env.boolean('REDIS_CLUSTER') ?? false) : addresses(env, 'REDIS_CLUSTER', listed, 6_379);
  if (cluster !== false && env.list('REDIS_SENTINELS').length > 0) {
    throw env.error(
      'REDIS_CLUSTER',
      'and REDIS_SENTINELS are both set: unset REDIS_SENTINELS for a cluster, or REDIS_CLUSTER for Sentinel',
    );
  }
  return cluster;
}

function addresses(env: EnvReader, name: string, items: readonly string[], defaultPort: number): readonly Address[] {
  return parseAddresses(items, defaultPort, (problem) => env.error(name, problem));
}
