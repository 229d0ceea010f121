import type { QueueKey } from '../contract/backend.ts';
import { ConfigurationError } from '../contract/errors.ts';
import { assertGroup, assertKey, DEFAULT_KEY } from '../contract/keys.ts';
import { type Logger, silentLogger } from '../contract/logger.ts';
import { MAX_TIMER_MS, resolveIntegers } from './resolve-integers.ts';

/** Options that every backend has. */
export interface QueueOptions {
  /** Keys that are consumed where a call does not say. Default `['slack_events']`. */
  keys?: readonly QueueKey[];
  /** Groups that receive everything from the first publish on. Default none. */
  groups?: readonly string[];
  /** Largest payload in bytes of its UTF-8 JSON. Default 16777216 (16 MiB). */
  maxPayloadBytes?: number;
  /** Default: logs nothing. */
  logger?: Logger;
}

/** Options that every backend with a broker has. */
export interface BrokerOptions extends QueueOptions {
  /** Put before every name at the broker, so that installations that share one are apart. Default none. */
  prefix?: string;
  /** Milliseconds that `publish` and settlements wait for the broker, outages included. Default 30000. */
  timeoutMs?: number;
  /** Most repetitions of one publish within its time. Default: as many as fit. */
  maxRetries?: number;
  /** Milliseconds before the first repetition and the first attempt to reconnect; grows to 2 s. Default 100. */
  retryDelayMs?: number;
}

/** {@link QueueOptions} with everything decided. */
export type ResolvedQueueOptions = Readonly<Required<QueueOptions>>;

/** {@link BrokerOptions} with everything decided. */
export type ResolvedBrokerOptions = Readonly<Required<BrokerOptions>>;

/**
 * @throws ConfigurationError - names the option and gives an example
 */
export function resolveQueueOptions(options: QueueOptions): ResolvedQueueOptions {
  const { keys = [DEFAULT_KEY], groups = [], logger = silentLogger } = options;
  if (keys.length === 0) {
    throw new ConfigurationError("keys is empty: name at least one (for example { keys: ['slack_events'] })");
  }
  keys.forEach(assertKey);
  groups.forEach(assertGroup);
  const { maxPayloadBytes } = resolveIntegers(options, { maxPayloadBytes: [16 * 2 ** 20, 2] });
  return { keys, groups: [...new Set(groups)], maxPayloadBytes, logger };
}

/**
 * @throws ConfigurationError - names the option and gives an example
 */
export function resolveBrokerOptions(options: BrokerOptions): ResolvedBrokerOptions {
  const { prefix = '' } = options;
  if (!isPrefix(prefix)) throw new ConfigurationError(`prefix ${NO_PREFIX} (for example { prefix: 'staging:' })`);
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

/** What is wrong with a prefix, for an error. */
export const NO_PREFIX = 'is not valid: it takes at most 100 of A-Z a-z 0-9 . _ : -';

/** Whether it can be a prefix on every broker that knows `:` in names. */
export function isPrefix(prefix: unknown): prefix is string {
  return typeof prefix === 'string' && /^[A-Za-z0-9._:-]{0,100}$/.test(prefix);
}
