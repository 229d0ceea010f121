import { assertInteger, MAX_TIMER_MS } from '@slack-mcp/core/backend';
import {
  type RabbitMQBackendOptions,
  type RabbitMQPlaceOptions,
  type ResolvedOptions,
  resolveOptions,
} from '../options.ts';

/** The connection options and timeouts, as for `RabbitMQBackend`. */
export type RabbitMQTaskConnectionOptions = RabbitMQPlaceOptions &
  Pick<RabbitMQBackendOptions, 'prefix' | 'logger' | 'timeoutMs' | 'maxRetries' | 'retryDelayMs' | 'heartbeatMs'>;

/** Options of `RabbitMQTaskMessageQueue`. */
export interface RabbitMQTaskMessageQueueOptions extends RabbitMQTaskConnectionOptions {
  /**
   * Milliseconds after which an undelivered message expires. With `null`, messages never expire. Default 86400000 (a
   * day).
   */
  ttlMs?: number | null;
  /** Milliseconds without use after which an empty queue is deleted. Default 600000 (10 minutes). */
  idleMs?: number;
  /**
   * Milliseconds between two checks of the queue by `waitForMessage`. The checks find messages of programs that send no
   * announcements, such as the Python package. Default 500.
   */
  recheckIntervalMs?: number;
}

/** The options with defaults applied. */
export interface ResolvedTaskQueueOptions {
  readonly broker: ResolvedOptions;
  readonly ttlMs: number | null;
  readonly idleMs: number;
  readonly recheckIntervalMs: number;
}

const DAY_MS = 86_400_000;

/**
 * @param options - the options, or the URL as a string
 * @throws ConfigurationError - an option is invalid; the message names it and gives an example
 */
export function resolveTaskQueueOptions(options: string | RabbitMQTaskMessageQueueOptions): ResolvedTaskQueueOptions {
  const given = typeof options === 'string' ? { url: options } : options;
  const { ttlMs = DAY_MS, idleMs = 600_000, recheckIntervalMs = 500 } = given;
  if (ttlMs !== null) assertInteger('ttlMs', ttlMs, 1, MAX_TIMER_MS);
  assertInteger('idleMs', idleMs, 1, MAX_TIMER_MS);
  assertInteger('recheckIntervalMs', recheckIntervalMs, 1, MAX_TIMER_MS);
  return { broker: resolveOptions(given), ttlMs, idleMs, recheckIntervalMs };
}
