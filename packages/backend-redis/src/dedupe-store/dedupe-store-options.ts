import type { RedisPlaceOptions } from '../options.ts';

/** Options of `RedisDedupeStore`: the connection options of `RedisBackend`, and timeouts. */
export interface RedisDedupeStoreOptions extends RedisPlaceOptions {
  /** Milliseconds for which a published id is remembered. Default 900000 (15 minutes). */
  dedupeWindowMs?: number;
  /** Milliseconds for which `confirm` retries while Redis does not answer. Default 30000. */
  timeoutMs?: number;
  /**
   * Milliseconds after which a claim expires if its process died. Must be longer than a publish takes. Default 3000,
   * the time that Slack waits for a response.
   */
  claimMs?: number;
  /** Milliseconds to wait for an answer before Redis counts as unavailable. Default 500. */
  answerTimeoutMs?: number;
}
