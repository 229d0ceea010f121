import { ConfigurationError, redactUrl } from '@slack-mcp/core';
import {
  type Address,
  type BrokerOptions,
  formatAddress,
  MAX_TIMER_MS,
  type Refuse,
  type ResolvedBrokerOptions,
  readAuthority,
  readPrivateKey,
  resolveBrokerOptions,
  resolveIntegers,
} from '@slack-mcp/core/backend';
import { MAX_LOSSES } from './delivery-count.ts';
import { parseRedisUrl } from './redis-url.ts';

/** Options of `RedisBackend`. */
export interface RedisBackendOptions extends BrokerOptions {
  /**
   * URL of Redis, with `redis://` or `rediss://` (TLS), and optionally a user, password and database. Not needed with
   * `sentinels` or a list of nodes in `cluster`.
   */
  url?: string;
  /** Overrides the user name in the URL. */
  username?: string;
  /**
   * Overrides the password in the URL. For a password that rotates, pass a function. The backend calls the function
   * each time a connection opens, and retries if Redis refuses the password.
   */
  password?: string | (() => string | Promise<string>);
  /**
   * Whether to use TLS. By default, TLS is used if the scheme of the URL is `rediss://`, or if `tlsCa` or `tlsCert` is
   * set.
   */
  tls?: boolean;
  /**
   * The CA certificate that signed the server's certificate, as PEM text or a file path. By default, the CAs of the
   * system are trusted.
   */
  tlsCa?: string;
  /** The client certificate as PEM text or a file path, if Redis requires one. Set `tlsKey` too. */
  tlsCert?: string;
  /** The private key of `tlsCert`, as PEM text or a file path. */
  tlsKey?: string;
  /** Addresses of the sentinels. */
  sentinels?: readonly Address[];
  /** Name under which the sentinels monitor the master. Default `mymaster`. */
  sentinelName?: string;
  sentinelPassword?: string;
  /**
   * Addresses of some nodes of a Redis Cluster; the backend discovers the other nodes. Set `true` to use the node in
   * the URL.
   */
  cluster?: boolean | readonly Address[];
  /** Milliseconds without a response after which a connection with a pending command counts as dead. Default 5000. */
  responseTimeoutMs?: number;
  /**
   * Milliseconds for which messages are kept for replay after every group has acknowledged them. Default 3600000 (an
   * hour).
   */
  retentionMs?: number;
  /**
   * Maximum number of acknowledged messages to keep per key; unacknowledged messages are always kept. Default 100000.
   */
  maxLength?: number;
  /**
   * Maximum number of unacknowledged messages per key and group; `publish` rejects when a group has reached the limit.
   * Default 1000000.
   */
  maxBacklog?: number;
  /**
   * Deduplication window in milliseconds; a message whose `messageId` was stored within the window is not stored again.
   * Default 900000 (15 minutes).
   */
  dedupeWindowMs?: number;
  /**
   * Milliseconds after which the messages of an unresponsive consumer are delivered to other consumers. Use the same
   * value for all members of a group. Default 30000.
   */
  leaseMs?: number;
  /**
   * Maximum number of deliveries of a message that end without an outcome, for example because the consumer died; a
   * message that reaches the limit is parked. After two deliveries without an outcome, a message is delivered alone.
   * Default 25.
   */
  maxDeliveries?: number;
}

/** The connection options, with defaults applied. */
interface Place extends Address {
  /** The address for logs and errors, without credentials. */
  readonly endpoint: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** A function that returns the password when a connection opens, used instead of `password`. */
  readonly passwordSource: (() => string | Promise<string>) | undefined;
  readonly database: number;
  readonly tls: boolean;
  /** The certificate authority, as PEM text. */
  readonly tlsCa: string | undefined;
  /** The client certificate, as PEM text. */
  readonly tlsCert: string | undefined;
  /** The private key, as PEM text. */
  readonly tlsKey: string | undefined;
  readonly sentinels: readonly Address[] | undefined;
  readonly sentinelName: string | undefined;
  readonly sentinelPassword: string | undefined;
  readonly cluster: readonly Address[] | undefined;
}

/** The options with defaults applied. */
export interface ResolvedOptions extends Place, ResolvedBrokerOptions {
  readonly connectionName: string;
  readonly responseTimeoutMs: number;
  readonly retentionMs: number;
  readonly maxLength: number;
  readonly maxBacklog: number;
  readonly dedupeWindowMs: number;
  readonly leaseMs: number;
  readonly maxDeliveries: number;
}

/** Minimum lease in milliseconds, because a shorter lease could end before it is extended. */
const MIN_LEASE_MS = 100;
const EXAMPLE = "for example { url: 'redis://localhost:6379' }";
const CERT_EXAMPLE = "for example { tlsCert: '/etc/ssl/client.pem', tlsKey: '/etc/ssl/client.key' }";
const CA_EXAMPLE = "for example { tlsCa: '/etc/ssl/redis-ca.pem' }";

/** @throws ConfigurationError - an option is invalid; the message names it and gives an example */
export function resolveOptions(options: RedisBackendOptions): ResolvedOptions {
  const shared = resolveBrokerOptions(options);
  return {
    ...shared,
    ...resolvePlace(options),
    ...resolveIntegers(options, {
      responseTimeoutMs: [5_000, 1, MAX_TIMER_MS],
      retentionMs: [3_600_000, 0],
      maxLength: [100_000, 0],
      maxBacklog: [1_000_000, 1],
      dedupeWindowMs: [900_000, 1],
      leaseMs: [30_000, MIN_LEASE_MS, MAX_TIMER_MS],
      maxDeliveries: [25, 1, MAX_LOSSES],
    }),
    connectionName: `slack-mcp:${shared.prefix}`,
  };
}

/** The connection options, for every class that opens its own connection. */
export type RedisPlaceOptions = Pick<
  RedisBackendOptions,
  | 'url'
  | 'username'
  | 'password'
  | 'tls'
  | 'tlsCa'
  | 'tlsCert'
  | 'tlsKey'
  | 'sentinels'
  | 'sentinelName'
  | 'sentinelPassword'
  | 'cluster'
  | 'prefix'
  | 'retryDelayMs'
  | 'logger'
>;

function resolvePlace(options: RedisBackendOptions): Place {
  const { sentinels, sentinelName, sentinelPassword, cluster = false, tlsCa, tlsCert, tlsKey } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new ConfigurationError(`only one of tlsCert and tlsKey is set: set both (${CERT_EXAMPLE})`);
  }
  const discovered = sentinels ?? (Array.isArray(cluster) ? (cluster as readonly Address[]) : undefined);
  if (options.url === undefined && discovered === undefined)
    throw new ConfigurationError(`url is not set: set url (${EXAMPLE})`);
  const url = options.url === undefined ? undefined : parseRedisUrl(options.url, refusing('url', EXAMPLE));
  const own: Address = { host: url?.host ?? '', port: url?.port ?? 6379 };
  const nodes = cluster === true ? [own] : cluster === false ? undefined : cluster;
  if (nodes !== undefined && sentinels !== undefined) {
    throw new ConfigurationError(
      'sentinels and cluster are both set: omit sentinels for a Redis Cluster, or cluster for Sentinel',
    );
  }
  if (nodes?.length === 0 || sentinels?.length === 0) {
    throw new ConfigurationError(
      sentinels?.length === 0
        ? "sentinels is an empty list: add at least one sentinel (for example [{ host: 'localhost', port: 26379 }])"
        : "cluster is an empty list: add at least one node (for example [{ host: 'localhost', port: 6379 }])",
    );
  }
  const database = url?.database ?? 0;
  if (nodes !== undefined && database !== 0) {
    throw new ConfigurationError(
      `url names database ${database}, but a Redis Cluster supports only database 0: remove the number from the url`,
    );
  }
  return {
    ...own,
    endpoint: discovered === undefined ? redactUrl(options.url as string) : discovered.map(formatAddress).join(','),
    username: options.username ?? url?.username,
    password: typeof options.password === 'function' ? undefined : (options.password ?? url?.password),
    passwordSource: typeof options.password === 'function' ? options.password : undefined,
    database,
    tls: options.tls ?? (url?.tls || tlsCa !== undefined || tlsCert !== undefined),
    tlsCa: tlsCa === undefined ? undefined : readAuthority(tlsCa, refusing('tlsCa', CA_EXAMPLE)),
    tlsCert: tlsCert === undefined ? undefined : readAuthority(tlsCert, refusing('tlsCert', CERT_EXAMPLE)),
    tlsKey: tlsKey === undefined ? undefined : readPrivateKey(tlsKey, refusing('tlsKey', CERT_EXAMPLE)),
    sentinels,
    sentinelName,
    sentinelPassword,
    cluster: nodes,
  };
}

function refusing(name: string, example: string): Refuse {
  return (problem) => new ConfigurationError(`${name} ${problem} (${example})`);
}
