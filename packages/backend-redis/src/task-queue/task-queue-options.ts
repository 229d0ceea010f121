import { ConfigurationError } from '@slack-mcp/core';
import type { RedisBackendOptions } from '../options.ts';

/** Where Redis is and how long to wait for it, as for `RedisBackend`. */
export type RedisTaskConnectionOptions = Pick<
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
  | 'timeoutMs'
  | 'responseTimeoutMs'
  | 'maxRetries'
  | 'retryDelayMs'
  | 'logger'
>;

/** Options of `RedisTaskMessageQueue`. */
export interface RedisTaskMessageQueueOptions extends RedisTaskConnectionOptions {
  /** Milliseconds after the last `enqueue` until an abandoned queue is gone; `null`: never. Default 86400000 (a day). */
  ttlMs?: number | null;
  /**
   * Milliseconds between two looks of `waitForMessage`, for the case that Redis' notification was lost with a
   * connection. Default 2000.
   */
  recheckIntervalMs?: number;
}

/** Options of `RedisTaskStore`. */
export interface RedisTaskStoreOptions extends RedisTaskConnectionOptions {
  /** Time to live in milliseconds of a task that asks for none; `null`: unlimited. Default 86400000 (a day). */
  defaultTtlMs?: number | null;
  /**
   * Longest time to live in milliseconds that a task can ask for. Unlimited (`null`) is nothing that a client can ask
   * for, and stays allowed. Default 2592000000 (30 days).
   */
  maxTtlMs?: number;
  /** Milliseconds between two polls that are suggested to the client of a task that says nothing. Default 1000. */
  pollIntervalMs?: number;
}

export const DAY_MS = 86_400_000;

/** The longest that a timer waits. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1;

/**
 * @throws ConfigurationError - names the option and gives an example
 */
export function assertMilliseconds(name: string, value: unknown, max: number = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= max) return;
  const range = max === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${max}`;
  throw new ConfigurationError(`${name} is a whole number of milliseconds ${range} (for example { ${name}: 60000 })`);
}

/**
 * @throws ConfigurationError - not a number of messages
 */
export function assertMaxSize(value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return;
  throw new ConfigurationError('maxSize is a whole number of messages of at least 0 (for example 100)');
}
