import { ConfigurationError } from '@slack-mcp/core';
import type { RedisBackendOptions, RedisPlaceOptions } from '../options.ts';

/** Where Redis is and how long to wait for it, as for `RedisBackend`. */
export type RedisTaskConnectionOptions = RedisPlaceOptions &
  Pick<RedisBackendOptions, 'timeoutMs' | 'responseTimeoutMs' | 'maxRetries'>;

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

/**
 * @throws ConfigurationError - not a number of messages
 */
export function assertMaxSize(value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) return;
  throw new ConfigurationError('maxSize is a whole number of messages of at least 0 (for example 100)');
}
