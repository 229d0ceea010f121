import { ConfigurationError } from '@slack-mcp/core';
import type { RedisBackendOptions } from '../options.ts';

/** Options of `RedisDedupeStore`: where Redis is, as for `RedisBackend`, and how long things take. */
export interface RedisDedupeStoreOptions
  extends Pick<
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
  > {
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

/**
 * @throws ConfigurationError - names the option and gives an example
 */
export function assertDuration(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value < 2 ** 31) return;
  throw new ConfigurationError(`${name} is a whole number of milliseconds (for example { ${name}: 1000 })`);
}
