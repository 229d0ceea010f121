import type { RedisBackendOptions, RedisPlaceOptions } from '../options.ts';

/** How to connect to Redis and how long to wait for it, as for `RedisBackend`. */
export type RedisTaskConnectionOptions = RedisPlaceOptions &
  Pick<RedisBackendOptions, 'timeoutMs' | 'responseTimeoutMs' | 'maxRetries'>;

/** Options of `RedisTaskMessageQueue`. */
export interface RedisTaskMessageQueueOptions extends RedisTaskConnectionOptions {
  /** Milliseconds after the last `enqueue` until a queue expires; `null`: never. Default 86400000 (a day). */
  ttlMs?: number | null;
  /**
   * Milliseconds between two checks of `waitForMessage`, in case a notification was lost with a connection. Default
   * 2000.
   */
  recheckIntervalMs?: number;
}

/** Options of `RedisTaskStore`. */
export interface RedisTaskStoreOptions extends RedisTaskConnectionOptions {
  /** Time to live in milliseconds of a task whose request sets none; `null`: unlimited. Default 86400000 (a day). */
  defaultTtlMs?: number | null;
  /**
   * Maximum time to live in milliseconds that a task can request. Does not affect `null` (unlimited), which a client
   * cannot request. Default 2592000000 (30 days).
   */
  maxTtlMs?: number;
  /** Suggested milliseconds between two polls of a client, if the task sets no interval. Default 1000. */
  pollIntervalMs?: number;
}

export const DAY_MS = 86_400_000;
