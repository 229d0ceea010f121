import { assertInteger, MAX_TIMER_MS } from '@slack-mcp/core/backend';
import {
  type RabbitMQBackendOptions,
  type RabbitMQPlaceOptions,
  type ResolvedOptions,
  resolveOptions,
} from '../options.ts';

/** How to connect to RabbitMQ and how long to wait for it, as for `RabbitMQBackend`. */
export type RabbitMQTaskConnectionOptions = RabbitMQPlaceOptions &
  Pick<RabbitMQBackendOptions, 'prefix' | 'logger' | 'timeoutMs' | 'maxRetries' | 'retryDelayMs' | 'heartbeatMs'>;

/** Options of `RabbitMQTaskMessageQueue`. */
export interface RabbitMQTaskMessageQueueOptions extends RabbitMQTaskConnectionOptions {
  /** Milliseconds after which an undelivered message expires; `null`: never. Default 86400000 (a day). */
  ttlMs?: number | null;
  /** Milliseconds after which an empty queue is deleted that this process no longer uses. Default 600000 (10 minutes). */
  idleMs?: number;
  /**
   * Milliseconds between two checks of `waitForMessage`, because other programs, such as the Python package, do not
   * notify this one. Default 500.
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
 * @param options - a string is the URL
 * @throws ConfigurationError - names the option and gives an example
 */
export function resolveTaskQueueOptions(options: string | RabbitMQTaskMessageQueueOptions): ResolvedTaskQueueOptions {
  const given = typeof options === 'string' ? { url: options } : options;
  const { ttlMs = DAY_MS, idleMs = 600_000, recheckIntervalMs = 500 } = given;
  if (ttlMs !== null) assertInteger('ttlMs', ttlMs, 1, MAX_TIMER_MS);
  assertInteger('idleMs', idleMs, 1, MAX_TIMER_MS);
  assertInteger('recheckIntervalMs', recheckIntervalMs, 1, MAX_TIMER_MS);
  return { broker: resolveOptions(given), ttlMs, idleMs, recheckIntervalMs };
}
