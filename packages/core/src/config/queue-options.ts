import type { QueueKey } from '../contract/backend.ts';
import { ConfigurationError } from '../contract/errors.ts';
import { assertGroup, assertKey, DEFAULT_KEY } from '../contract/keys.ts';
import { type Logger, silentLogger } from '../contract/logger.ts';
import { MAX_TIMER_MS, resolveIntegers } from './resolve-integers.ts';

/** Options of every backend. */
export interface QueueOptions {
  /** The default keys of `consume`. Default `['slack_events']`. */
  keys?: readonly QueueKey[];
  /** Groups that receive every message from the first publish on. Default: none. */
  groups?: readonly string[];
  /** Maximum size of a payload in bytes of UTF-8 JSON. Default 16777216 (16 MiB). */
  maxPayloadBytes?: number;
  /** The logger. Default: logs nothing. */
  logger?: Logger;
}

/** Options of every backend that has a broker. */
export interface BrokerOptions extends QueueOptions {
  /**
   * Prefix of all names at the broker. Use different prefixes for installations that share one broker. Default: none.
   */
  prefix?: string;
  /**
   * Maximum time in milliseconds that `publish` and settlements wait for the broker, including outages. Default 30000.
   */
  timeoutMs?: number;
  /** Maximum number of retries of one publish within `timeoutMs`. Default: no limit. */
  maxRetries?: number;
  /**
   * Milliseconds before the first retry and the first attempt to reconnect. The delay grows with each attempt, to at
   * most 2 seconds. Default 100.
   */
  retryDelayMs?: number;
}

/** {@link QueueOptions} with all defaults applied. */
export type ResolvedQueueOptions = Readonly<Required<QueueOptions>>;

/** {@link BrokerOptions} with all defaults applied. */
export type ResolvedBrokerOptions = Readonly<Required<BrokerOptions>>;

/**
 * Validates the options and applies the defaults.
 *
 * @throws ConfigurationError - an option is invalid; the message names it and gives an example
 */
export function resolveQueueOptions(options: QueueOptions): ResolvedQueueOptions {
  const { keys = [DEFAULT_KEY], groups = [], logger = silentLogger } = options;
  if (keys.length === 0) {
    throw new ConfigurationError("keys is empty: use at least one key (for example { keys: ['slack_events'] })");
  }
  keys.forEach(assertKey);
  groups.forEach(assertGroup);
  const { maxPayloadBytes } = resolveIntegers(options, { maxPayloadBytes: [16 * 2 ** 20, 2] });
  return { keys, groups: [...new Set(groups)], maxPayloadBytes, logger };
}

/**
 * Validates the options and applies the defaults.
 *
 * @throws ConfigurationError - an option is invalid; the message names it and gives an example
 */
export function resolveBrokerOptions(options: BrokerOptions): ResolvedBrokerOptions {
  const { prefix = '' } = options;
  if (!isPrefix(prefix))
    throw new ConfigurationError(
      `prefix is not valid: use at most 100 characters from A-Z a-z 0-9 . _ : - (for example { prefix: 'staging:' })`,
    );
  return {
    ...resolveQueueOptions(options),
    ...resolveIntegers(options, {
      timeoutMs: [30_000, 1, MAX_TIMER_MS],
      maxRetries: [Number.MAX_SAFE_INTEGER, 0],
      retryDelayMs: [100, 0, MAX_TIMER_MS],
    }),
    prefix,
  };
}

/** The rest of the error message for an invalid prefix, after the name of the variable. */
export const NO_PREFIX = 'is not valid: use at most 100 characters from A-Z a-z 0-9 . _ : -';

/** Whether a value is a valid prefix on every broker that allows `:` in names. */
export function isPrefix(prefix: unknown): prefix is string {
  return typeof prefix === 'string' && /^[A-Za-z0-9._:-]{0,100}$/.test(prefix);
}
