import {
  assertGroup,
  assertKey,
  ConfigurationError,
  DEFAULT_KEY,
  type Logger,
  type QueueKey,
  redactUrl,
  silentLogger,
} from '@slack-mcp/core';
import { MAX_LOSSES } from './delivery-count.ts';
import { MAX_TIMER_MS } from './milliseconds.ts';
import { readAuthority } from './read-authority.ts';
import { parseRedisUrl, type Refuse } from './redis-url.ts';

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Options of `RedisBackend`. */
export interface RedisBackendOptions {
  /** `redis://` or `rediss://` (TLS), with user, password and database if there are any. Not needed with `sentinels`. */
  url?: string;
  /** Instead of the one in the URL. */
  username?: string;
  /** Instead of the one in the URL. */
  password?: string;
  /** Speak TLS whatever the URL says. Default: as the URL says. */
  tls?: boolean;
  /** The authority that signed the server's certificate: PEM text or the path of a file. Default: the system's. */
  tlsCa?: string;
  /** Sentinels that know the master. */
  sentinels?: readonly Address[];
  /** The master's name at the sentinels. Default `mymaster`. */
  sentinelName?: string;
  sentinelPassword?: string;
  /** Nodes of a Redis Cluster by which the others are found; `true`: the one in the URL. */
  cluster?: boolean | readonly Address[];
  /** Put before every key, so that installations that share a Redis are apart. Default none. */
  prefix?: string;
  /** What is consumed unless told otherwise. Default `['slack_events']`. */
  keys?: readonly QueueKey[];
  /** Groups that are owed messages from the first publish on. Default none. */
  groups?: readonly string[];
  /** Milliseconds that `publish` and settlements wait for Redis, outages included. Default 30000. */
  timeoutMs?: number;
  /** Milliseconds of silence after which a connection that owes an answer is taken for dead. Default 5000. */
  responseTimeoutMs?: number;
  /** Most repetitions of one publish within its time. Default: as many as fit. */
  maxRetries?: number;
  /** Milliseconds before the first repetition and the first attempt to reconnect; grows to 2 s. Default 100. */
  retryDelayMs?: number;
  /** Milliseconds for which what every group has acknowledged is kept for replay. Default 3600000 (an hour). */
  retentionMs?: number;
  /** Messages of history kept of each key, those that no group is owed. Default 100000. */
  maxLength?: number;
  /** Messages that one group may be owed of a key; beyond, `publish` is refused. Default 1000000. */
  maxBacklog?: number;
  /** Milliseconds within which a `messageId` is stored once. Default 900000 (15 minutes). */
  dedupeWindowMs?: number;
  /** Milliseconds after which a silent consumer loses what it holds. The same in all members of a group. Default 30000. */
  leaseMs?: number;
  /**
   * Deliveries without an outcome, whose consumer died or lost the message, after which it is parked; from the second one
   * on it is handed out alone. Default 25.
   */
  maxDeliveries?: number;
  /** Largest payload in bytes of its UTF-8 JSON. Default 16777216 (16 MiB). */
  maxPayloadBytes?: number;
  /** Default: logs nothing. */
  logger?: Logger;
}

/** The options with everything decided. */
export interface ResolvedOptions extends Address {
  /** For logs and errors: no credentials. */
  readonly endpoint: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  readonly tls: boolean;
  /** In PEM. */
  readonly tlsCa: string | undefined;
  readonly sentinels: readonly Address[] | undefined;
  readonly sentinelName: string | undefined;
  readonly sentinelPassword: string | undefined;
  readonly cluster: readonly Address[] | undefined;
  readonly connectionName: string;
  readonly prefix: string;
  readonly keys: readonly QueueKey[];
  readonly groups: readonly string[];
  readonly timeoutMs: number;
  readonly responseTimeoutMs: number;
  readonly maxRetries: number;
  readonly retryDelayMs: number;
  readonly retentionMs: number;
  readonly maxLength: number;
  readonly maxBacklog: number;
  readonly dedupeWindowMs: number;
  readonly leaseMs: number;
  readonly maxDeliveries: number;
  readonly maxPayloadBytes: number;
  readonly logger: Logger;
}

/** A lease this short could not be extended in time. */
const MIN_LEASE_MS = 100;
const EXAMPLE = "for example { url: 'redis://localhost:6379' }";
const CA_EXAMPLE = "for example { tlsCa: '/etc/ssl/redis-ca.pem' }";

/**
 * @throws ConfigurationError - names the option and gives an example
 */
export function resolveOptions(options: RedisBackendOptions): ResolvedOptions {
  const { keys = [DEFAULT_KEY], groups = [], prefix = '', logger = silentLogger } = options;
  if (keys.length === 0) {
    throw new ConfigurationError("keys is empty: name at least one (for example { keys: ['slack_events'] })");
  }
  keys.forEach(assertKey);
  groups.forEach(assertGroup);
  if (!/^[A-Za-z0-9._:-]{0,100}$/.test(prefix)) {
    throw new ConfigurationError("prefix is at most 100 of A-Z a-z 0-9 . _ : - (for example { prefix: 'staging:' })");
  }
  return {
    ...resolvePlace(options),
    ...resolveLimits(options),
    connectionName: `slack-mcp:${prefix}`,
    prefix,
    keys,
    groups: [...new Set(groups)],
    logger,
  };
}

/** Where Redis is, and how it is reached: what everything takes that has a connection of its own. */
export type RedisPlaceOptions = Pick<
  RedisBackendOptions,
  | 'url'
  | 'username'
  | 'password'
  | 'tls'
  | 'tlsCa'
  | 'sentinels'
  | 'sentinelName'
  | 'sentinelPassword'
  | 'cluster'
  | 'prefix'
  | 'retryDelayMs'
  | 'logger'
>;

type Place = Pick<
  ResolvedOptions,
  | 'host'
  | 'port'
  | 'endpoint'
  | 'username'
  | 'password'
  | 'database'
  | 'tls'
  | 'tlsCa'
  | 'sentinels'
  | 'sentinelName'
  | 'sentinelPassword'
  | 'cluster'
>;

function resolvePlace(options: RedisBackendOptions): Place {
  const { sentinels, sentinelName, sentinelPassword, cluster = false, tlsCa } = options;
  const discovered = sentinels ?? (Array.isArray(cluster) ? (cluster as readonly Address[]) : undefined);
  if (options.url === undefined && discovered === undefined)
    throw new ConfigurationError(`url is not set (${EXAMPLE})`);
  const url = options.url === undefined ? undefined : parseRedisUrl(options.url, refusing('url', EXAMPLE));
  const own: Address = { host: url?.host ?? '', port: url?.port ?? 6379 };
  const nodes = cluster === true ? [own] : cluster === false ? undefined : cluster;
  if (nodes !== undefined && sentinels !== undefined) {
    throw new ConfigurationError('sentinels and cluster exclude each other: a cluster needs no sentinels');
  }
  if (nodes?.length === 0 || sentinels?.length === 0) {
    throw new ConfigurationError(`the list of nodes is empty (for example [{ host: 'localhost', port: 26379 }])`);
  }
  const database = url?.database ?? 0;
  if (nodes !== undefined && database !== 0) {
    throw new ConfigurationError('a Redis Cluster has database 0 only: leave the number out of the url');
  }
  return {
    ...own,
    endpoint: discovered === undefined ? redactUrl(options.url as string) : discovered.map(shown).join(','),
    username: options.username ?? url?.username,
    password: options.password ?? url?.password,
    database,
    tls: options.tls ?? (url?.tls || tlsCa !== undefined),
    tlsCa: tlsCa === undefined ? undefined : readAuthority(tlsCa, refusing('tlsCa', CA_EXAMPLE)),
    sentinels,
    sentinelName,
    sentinelPassword,
    cluster: nodes,
  };
}

function refusing(name: string, example: string): Refuse {
  return (problem) => new ConfigurationError(`${name} ${problem} (${example})`);
}

function shown({ host, port }: Address): string {
  return `${host}:${port}`;
}

type Limits = Omit<ResolvedOptions, keyof Place | 'connectionName' | 'prefix' | 'keys' | 'groups' | 'logger'>;

function resolveLimits(options: RedisBackendOptions): Limits {
  const limits: Limits = {
    timeoutMs: options.timeoutMs ?? 30_000,
    responseTimeoutMs: options.responseTimeoutMs ?? 5_000,
    maxRetries: options.maxRetries ?? Number.MAX_SAFE_INTEGER,
    retryDelayMs: options.retryDelayMs ?? 100,
    retentionMs: options.retentionMs ?? 3_600_000,
    maxLength: options.maxLength ?? 100_000,
    maxBacklog: options.maxBacklog ?? 1_000_000,
    dedupeWindowMs: options.dedupeWindowMs ?? 900_000,
    leaseMs: options.leaseMs ?? 30_000,
    maxDeliveries: options.maxDeliveries ?? 25,
    maxPayloadBytes: options.maxPayloadBytes ?? 16 * 2 ** 20,
  };
  assertCount('timeoutMs', limits.timeoutMs, 1, MAX_TIMER_MS);
  assertCount('responseTimeoutMs', limits.responseTimeoutMs, 1, MAX_TIMER_MS);
  assertCount('maxRetries', limits.maxRetries, 0);
  assertCount('retryDelayMs', limits.retryDelayMs, 0, MAX_TIMER_MS);
  assertCount('retentionMs', limits.retentionMs, 0);
  assertCount('maxLength', limits.maxLength, 0);
  assertCount('maxBacklog', limits.maxBacklog, 1);
  assertCount('dedupeWindowMs', limits.dedupeWindowMs, 1);
  assertCount('leaseMs', limits.leaseMs, MIN_LEASE_MS, MAX_TIMER_MS);
  assertCount('maxDeliveries', limits.maxDeliveries, 1, MAX_LOSSES);
  assertCount('maxPayloadBytes', limits.maxPayloadBytes, 2);
  return limits;
}

function assertCount(name: string, value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new ConfigurationError(`${name} is an integer ${range} (for example { ${name}: 10000 })`);
}
