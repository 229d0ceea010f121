import { backoffDelay } from '@slack-mcp/core';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { ResolvedOptions } from './options.ts';
import { replyCode } from './redis-error.ts';

/** Longest pause between two attempts to connect, in milliseconds. */
const MAX_RETRY_DELAY_MS = 2_000;
/** Milliseconds between two looks whether Redis has loaded its data. */
const LOADING_CHECK_MS = 250;

/**
 * What sentinels and clusters do when none of their addresses leads to Redis: the client ends, and what waits for it
 * learns why. Trying on by itself, it would keep commands waiting without end.
 */
const giveUp = (): null => null;

/** A client that opens nothing until its first command. */
export function createClient(options: ResolvedOptions, role: string, socketTimeout: number): Redis | Cluster {
  const { sentinels, sentinelName, cluster, retryDelayMs, connectionName } = options;
  const retryStrategy = (attempt: number): number =>
    retryDelayMs === 0
      ? 0
      : Math.max(10, backoffDelay(attempt, { initialDelayMs: retryDelayMs, maxDelayMs: MAX_RETRY_DELAY_MS }));
  const common: Omit<RedisOptions, 'replyMapping'> & { replyMapping: 'legacy' } = {
    ...access(options),
    lazyConnect: true,
    // The older protocol gives lists where the newer one gives maps: one shape for all servers.
    protocol: 2,
    replyMapping: 'legacy',
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    socketTimeout,
    connectTimeout: options.responseTimeoutMs,
    // A silent server does not end its side.
    disconnectTimeout: 200,
    connectionName: `${connectionName}:${role}`,
    disableClientInfo: true,
    retryStrategy,
    // What Redis says of the time that loading still takes is a wild guess at the beginning.
    maxLoadingRetryTime: LOADING_CHECK_MS,
    // A master that has become a replica refuses writes on connections that it keeps.
    reconnectOnError: (error) => replyCode(error) === 'READONLY',
  };
  if (cluster !== undefined) {
    const { retryStrategy: _, ...redisOptions } = common;
    return new Cluster([...cluster], {
      lazyConnect: true,
      redisOptions,
      clusterRetryStrategy: giveUp,
      // Each node resolves its own name: one that does not resolve keeps nobody from the others, and certificates are
      // for names.
      dnsLookup: (hostname, callback) => callback(null, hostname),
      // What may have been done is decided here, not repeated below.
      retryDelayOnFailover: 0,
      slotsRefreshTimeout: options.responseTimeoutMs,
    });
  }
  if (sentinels !== undefined) {
    return new Redis({
      ...common,
      sentinels: [...sentinels],
      name: sentinelName ?? 'mymaster',
      sentinelRetryStrategy: giveUp,
      sentinelCommandTimeout: options.responseTimeoutMs,
      ...(options.sentinelPassword === undefined ? {} : { sentinelPassword: options.sentinelPassword }),
      ...(common.tls === undefined ? {} : { enableTLSForSentinelMode: true, sentinelTLS: common.tls }),
    });
  }
  return new Redis({ ...common, host: options.host, port: options.port });
}

function access({ username, password, database, tls, tlsCa }: ResolvedOptions): RedisOptions {
  return {
    db: database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: tlsCa === undefined ? {} : { ca: tlsCa } } : {}),
  };
}
