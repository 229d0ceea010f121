import { type Env, type EnvReader, type EnvVar, type Logger, readEnv, readKeySettings } from '@slack-mcp/core';
import type { Address, RedisBackendOptions } from './options.ts';
import { readAuthority } from './read-authority.ts';
import { parseRedisUrl } from './redis-url.ts';

/** The variables of this package. Those of every backend (`QUEUE_KEYS`, `QUEUE_GROUPS`, …) are core's. */
export const REDIS_ENV: readonly EnvVar[] = [
  {
    name: 'REDIS_URL',
    description:
      'Where Redis is: `redis://` or `rediss://` (TLS), with user, password and database if there are any. Required unless `REDIS_SENTINELS` or a list in `REDIS_CLUSTER` says it.',
    example: 'redis://localhost:6379/0',
    secret: true,
  },
  { name: 'REDIS_USERNAME', description: 'Instead of the user in the URL.', example: 'slack' },
  { name: 'REDIS_PASSWORD', description: 'Instead of the password in the URL.', example: '<password>', secret: true },
  { name: 'REDIS_TLS', description: 'Speak TLS whatever the URL says. Unset: as the URL says.', example: 'true' },
  {
    name: 'REDIS_TLS_CA',
    description: "The authority of the server's certificate: the path of a PEM file, or its text.",
    example: '/etc/ssl/redis-ca.pem',
  },
  {
    name: 'REDIS_SENTINELS',
    description: 'Sentinels that know the master, separated by commas.',
    example: 'sentinel-1:26379,sentinel-2:26379',
  },
  {
    name: 'REDIS_SENTINEL_NAME',
    description: "The master's name at the sentinels.",
    default: 'mymaster',
    example: 'mymaster',
  },
  { name: 'REDIS_SENTINEL_PASSWORD', description: 'Password of the sentinels.', example: '<password>', secret: true },
  {
    name: 'REDIS_CLUSTER',
    description: '`true`: the URL leads to a Redis Cluster. Or some of its nodes, separated by commas.',
    example: 'node-1:6379,node-2:6379',
  },
  {
    name: 'REDIS_PREFIX',
    description: 'Put before every key, so that installations that share a Redis are apart.',
    example: 'staging:',
  },
  {
    name: 'REDIS_TIMEOUT_MS',
    description: 'Milliseconds that publishing and settling wait for Redis, outages included.',
    default: '30000',
    example: '10000',
  },
  {
    name: 'REDIS_MAX_RETRIES',
    description: 'Most repetitions of one publish within that time. Unset: as many as fit.',
    example: '10',
  },
  {
    name: 'REDIS_RETRY_DELAY_MS',
    description: 'Milliseconds before the first repetition and the first attempt to reconnect; grows to 2 s.',
    default: '100',
    example: '500',
  },
  {
    name: 'REDIS_RETENTION',
    description: 'Seconds for which what every group has acknowledged is kept for replay.',
    default: '3600',
    example: '86400',
  },
  {
    name: 'REDIS_MAX_LENGTH',
    description: 'Messages of history kept of each key, those that no group is owed.',
    default: '100000',
    example: '10000',
  },
  {
    name: 'REDIS_MAX_BACKLOG',
    description: 'Messages that one group may be owed of a key before publishing is refused.',
    default: '1000000',
    example: '200000',
  },
  {
    name: 'REDIS_DEDUPE_WINDOW_MS',
    description: 'Milliseconds within which a message id is stored once.',
    default: '900000',
    example: '3600000',
  },
  {
    name: 'REDIS_LEASE_MS',
    description: 'Milliseconds after which a silent consumer loses what it holds. The same in all members of a group.',
    default: '30000',
    example: '60000',
  },
  {
    name: 'REDIS_MAX_DELIVERIES',
    description: 'Deliveries after which a message whose consumers died each time is parked.',
    default: '25',
    example: '10',
  },
];

/**
 * @param source - default `process.env`
 * @throws ConfigurationError - names the variable and gives an example
 */
export function optionsFromEnv(source: Env | undefined, logger: Logger | undefined): RedisBackendOptions {
  const env = readEnv(REDIS_ENV, source);
  const { keys, groups } = readKeySettings(env.source);
  const sentinels = env.list('REDIS_SENTINELS');
  const cluster = readCluster(env);
  const discovers = sentinels.length > 0 || Array.isArray(cluster);
  const maxRetries = env.integer('REDIS_MAX_RETRIES');
  const tls = env.boolean('REDIS_TLS');
  return {
    ...defined({
      url: readUrl(env, cluster, !discovers),
      username: env.string('REDIS_USERNAME'),
      password: env.string('REDIS_PASSWORD'),
      tlsCa: readCa(env),
      sentinelPassword: env.string('REDIS_SENTINEL_PASSWORD'),
      prefix: readPrefix(env),
    }),
    ...(tls === undefined ? {} : { tls }),
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(sentinels.length === 0 ? {} : { sentinels: addresses(env, 'REDIS_SENTINELS', sentinels, 26_379) }),
    sentinelName: env.string('REDIS_SENTINEL_NAME', { default: 'mymaster' }),
    cluster,
    keys,
    groups,
    timeoutMs: env.milliseconds('REDIS_TIMEOUT_MS', { default: 30_000, min: 1 }),
    retryDelayMs: env.milliseconds('REDIS_RETRY_DELAY_MS', { default: 100 }),
    retentionMs: env.integer('REDIS_RETENTION', { default: 3_600, max: 10 ** 9 }) * 1_000,
    maxLength: env.integer('REDIS_MAX_LENGTH', { default: 100_000 }),
    maxBacklog: env.integer('REDIS_MAX_BACKLOG', { default: 1_000_000, min: 1 }),
    dedupeWindowMs: env.milliseconds('REDIS_DEDUPE_WINDOW_MS', { default: 900_000, min: 1 }),
    leaseMs: env.milliseconds('REDIS_LEASE_MS', { default: 30_000, min: 100 }),
    maxDeliveries: env.integer('REDIS_MAX_DELIVERIES', { default: 25, min: 1 }),
    ...(logger === undefined ? {} : { logger }),
  };
}

function readUrl(env: EnvReader, cluster: boolean | readonly Address[], required: boolean): string | undefined {
  const url = env.url('REDIS_URL', { required, protocols: ['redis:', 'rediss:'] });
  if (url === undefined) return undefined;
  const { database } = parseRedisUrl(url, (problem) => env.error('REDIS_URL', problem));
  if (cluster !== false && database !== 0) {
    throw env.error('REDIS_URL', 'names a database, and REDIS_CLUSTER is set: a cluster has database 0 only');
  }
  return url;
}

function readCa(env: EnvReader): string | undefined {
  const ca = env.string('REDIS_TLS_CA');
  return ca === undefined ? undefined : readAuthority(ca, (problem) => env.error('REDIS_TLS_CA', problem));
}

function readPrefix(env: EnvReader): string | undefined {
  const prefix = env.string('REDIS_PREFIX');
  if (prefix === undefined || /^[A-Za-z0-9._:-]{1,100}$/.test(prefix)) return prefix;
  throw env.error('REDIS_PREFIX', 'is not a prefix: at most 100 of A-Z a-z 0-9 . _ : -');
}

function readCluster(env: EnvReader): boolean | readonly Address[] {
  const listed = env.list('REDIS_CLUSTER');
  const [only = 'false', ...others] = listed;
  const isSwitch = others.length === 0 && !only.includes(':');
  const cluster = isSwitch ? (env.boolean('REDIS_CLUSTER') ?? false) : addresses(env, 'REDIS_CLUSTER', listed, 6_379);
  if (cluster !== false && env.list('REDIS_SENTINELS').length > 0) {
    throw env.error('REDIS_CLUSTER', 'and REDIS_SENTINELS exclude each other: a cluster needs no sentinels');
  }
  return cluster;
}

function addresses(env: EnvReader, name: string, items: readonly string[], defaultPort: number): readonly Address[] {
  return items.map((item) => {
    const url = URL.parse(`redis://${item}`);
    if (url === null || url.hostname === '' || url.username !== '' || url.pathname !== '') {
      throw env.error(name, 'holds what is not host:port');
    }
    if (url.port === '0') throw env.error(name, 'holds the port 0, at which nobody can listen');
    return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? defaultPort : Number(url.port) };
  });
}

function defined<T extends Record<string, string | undefined>>(values: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
