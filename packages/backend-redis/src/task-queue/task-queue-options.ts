import type { RedisBackendOptions, RedisPlaceOptions } from '../options.ts';

/** The connection options and timeouts, as for `RedisBackend`. */
export type RedisTaskConnectionOptions = RedisPlaceOptions &
  Pick<RedisBackendOptions, 'timeoutMs' | 'responseTimeoutMs' | 'maxRetries'>;

/** Options of `RedisTaskMessageQueue`. */
export interface RedisTaskMessageQueueOptions extends RedisTaskConnectionOptions {
  /**
   * Milliseconds after the last `enqueue` until a queue expires. With `null`, queues never expire. Default 86400000 (a
   * day).
   */
  ttlMs?: number | null;
  /**
   * Milliseconds between two checks of the queue by `waitForMessage`, in case a notification was lost with a
   * connection. Default 2000.
   */
  recheckIntervalMs?: number;
}

/** Options of `RedisTaskStore`. */
export interface RedisTaskStoreOptions extends RedisTaskConnectionOptions {
  /**
   * Time to live in milliseconds of a task whose request sets no `ttl`. With `null`, tasks without a `ttl` never
   * expire. Default 86400000 (a day).
   */
  defaultTtlMs?: number | null;
  /**
   * Maximum time to live in milliseconds that a request can set for its task. Does not limit a `ttl` of `null`
   * (unlimited), which only the server can set. Default 2592000000 (30 days).
   */
  maxTtlMs?: number;
  /** Milliseconds that a client should wait between two polls of a task, if the task sets no interval. Default 1000. */
  pollIntervalMs?: number;
}

export const DAY_MS = 86_400_000;
