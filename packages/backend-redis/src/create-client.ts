import { backoffDelay } from '@slack-mcp/core';
import { withoutUndefined } from '@slack-mcp/core/backend';
import { type Cluster, Redis, type RedisOptions } from 'ioredis';
import { createClusterClient } from './cluster-client.ts';
import type { ResolvedOptions } from './options.ts';
import { replyCode } from './redis-error.ts';

/** Longest pause between two attempts to connect, in milliseconds. */
const MAX_RETRY_DELAY_MS = 2_000;
/** Milliseconds between two checks whether Redis has loaded its data. */
const LOADING_CHECK_MS = 250;

/**
 * Stops retrying when no address of a sentinel or cluster leads to Redis. The client then rejects pending commands with
 * the reason, instead of letting them wait without limit.
 */
const giveUp = (): null => null;

/** Creates a client that connects with its first command. */
export function createClient(options: ResolvedOptions, role: string, socketTimeout: number): Redis | Cluster {
  const { sentinels, sentinelName, cluster, retryDelayMs, connectionName } = options;
  const retryStrategy = (attempt: number): number =>
    retryDelayMs === 0
      ? 0
      : Math.max(10, backoffDelay(attempt, { initialDelayMs: retryDelayMs, maxDelayMs: MAX_RETRY_DELAY_MS }));
  const common: Omit<RedisOptions, 'replyMapping'> & { replyMapping: 'legacy' } = {
    ...access(options),
    lazyConnect: true,
    // RESP2 returns lists where RESP3 returns maps. With RESP2, replies have the same shape on every server.
    protocol: 2,
    replyMapping: 'legacy',
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    socketTimeout,
    connectTimeout: options.responseTimeoutMs,
    // A silent server does not close its side of the connection.
    disconnectTimeout: 200,
    connectionName: `${connectionName}:${role}`,
    disableClientInfo: true,
    retryStrategy,
    // The loading time that Redis estimates is unreliable at first.
    maxLoadingRetryTime: LOADING_CHECK_MS,
    // A master that becomes a replica keeps its connections and refuses writes on them.
    reconnectOnError: (error) => replyCode(error) === 'READONLY',
  };
  if (cluster !== undefined) {
    const { retryStrategy: _, ...redisOptions } = common;
    return createClusterClient([...cluster], {
      lazyConnect: true,
      redisOptions,
      clusterRetryStrategy: giveUp,
      // Resolve each node by its own name: a name that does not resolve must not block the other nodes, and
      // certificates contain names.
      dnsLookup: (hostname, callback) => callback(null, hostname),
      // The backend decides whether to repeat a command, not the client.
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

function access({ username, password, database, tls, tlsCa, tlsCert, tlsKey }: ResolvedOptions): RedisOptions {
  return {
    db: database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: withoutUndefined({ ca: tlsCa, cert: tlsCert, key: tlsKey }) } : {}),
  };
}
