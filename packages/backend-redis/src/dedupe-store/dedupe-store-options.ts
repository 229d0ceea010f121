import type { RedisPlaceOptions } from '../options.ts';

/** Options of `RedisDedupeStore`: where Redis is, as for `RedisBackend`, and how long things take. */
export interface RedisDedupeStoreOptions extends RedisPlaceOptions {
  /** Milliseconds for which what was published is remembered. Default 900000 (15 minutes). */
  dedupeWindowMs?: number;
  /** Milliseconds that `confirm` repeats what Redis did not answer. Default 30000. */
  timeoutMs?: number;
  /**
   * Milliseconds after which the claim of a process that has died is anybody's. Longer than a publish takes. Default
   * 3000, as long as Slack waits.
   */
  claimMs?: number;
  /** Milliseconds that Redis has to answer before it counts as away. Default 500. */
  answerTimeoutMs?: number;
}
