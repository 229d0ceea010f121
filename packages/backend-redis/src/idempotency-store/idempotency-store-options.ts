import type { RedisBackendOptions, RedisPlaceOptions } from '../options.ts';

/** Options of `RedisIdempotencyStore`: the connection options of `RedisBackend`, lifetimes and timeouts. */
export interface RedisIdempotencyStoreOptions
  extends RedisPlaceOptions,
    Pick<RedisBackendOptions, 'responseTimeoutMs'> {
  /** Milliseconds for which a key is stored. Default 86400000 (24 hours). */
  ttlMs?: number;
  /**
   * Milliseconds after which the outcome of a claim counts as unknown if its process died. A living process renews its
   * claims. Default 10000.
   */
  leaseMs?: number;
  /** Milliseconds for which a call is repeated while Redis is unavailable. Default 3000. */
  timeoutMs?: number;
}
