import { ConfigurationError, type Env, type EnvVar, type Logger, readEnv, readKeySettings } from '@slack-mcp/core';
import { type QueueOptions, resolveIntegers, resolveQueueOptions } from '@slack-mcp/core/backend';

/** Options of `MemoryBackend`. */
export interface MemoryBackendOptions extends QueueOptions {
  /** Name of the instance. Instances with the same name in one process share their queues. Default `default`. */
  name?: string;
  /** Maximum number of messages per key to keep for future groups. Default 1000. */
  maxLength?: number;
  /**
   * Maximum backlog of a group or independent consumer per key, including messages in flight and dead letters. At the
   * limit, `publish` rejects with `QueueFullError`. Default 100000.
   */
  maxBacklog?: number;
  /**
   * Number of deliveries without a settlement after which a message is parked, for example because the consumer left
   * its loop. After the second delivery without a settlement, the message is delivered alone. Default 25.
   */
  maxDeliveries?: number;
}

/**
 * The environment variables of this backend. `@slack-mcp/core` declares the variables that every backend reads, for
 * example `QUEUE_KEYS`.
 */
export const MEMORY_ENV: readonly EnvVar[] = [
  {
    name: 'MEMORY_NAME',
    description: 'Name of the backend instance. Instances with the same name in one process share their queues.',
    default: 'default',
    example: 'orders',
  },
  {
    name: 'MEMORY_MAX_LENGTH',
    description: 'Maximum number of messages per key to keep for future groups.',
    default: '1000',
    example: '10000',
  },
  {
    name: 'MEMORY_MAX_BACKLOG',
    description:
      'Maximum number of messages that a queue keeps for a group or an independent consumer. At the limit, `publish` rejects with `QueueFullError`.',
    default: '100000',
    example: '500000',
  },
  {
    name: 'MEMORY_MAX_DELIVERIES',
    description: 'Number of deliveries without a settlement after which a message is parked.',
    default: '25',
    example: '5',
  },
];

/** {@link MemoryBackendOptions} with all defaults applied. */
export type ResolvedOptions = Readonly<Required<MemoryBackendOptions>>;

/**
 * Validates the options and applies the defaults.
 *
 * @throws ConfigurationError - an option is invalid; the message names it and gives an example
 */
export function resolveOptions(options: MemoryBackendOptions): ResolvedOptions {
  const { name = 'default' } = options;
  if (typeof name !== 'string' || name === '') {
    throw new ConfigurationError("name must be a non-empty string (for example { name: 'orders' })");
  }
  return {
    ...resolveQueueOptions(options),
    ...resolveIntegers(options, { maxLength: [1000, 0], maxBacklog: [100_000, 1], maxDeliveries: [25, 1] }),
    name,
  };
}

/**
 * Reads the options from environment variables.
 *
 * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
 */
export function optionsFromEnv(source: Env | undefined, logger: Logger | undefined): MemoryBackendOptions {
  const env = readEnv(MEMORY_ENV, source);
  const { keys, groups } = readKeySettings(env.source);
  return {
    name: env.string('MEMORY_NAME', { default: 'default' }),
    keys,
    groups,
    maxLength: env.integer('MEMORY_MAX_LENGTH', { default: 1000 }),
    maxBacklog: env.integer('MEMORY_MAX_BACKLOG', { default: 100_000, min: 1 }),
    maxDeliveries: env.integer('MEMORY_MAX_DELIVERIES', { default: 25, min: 1 }),
    ...(logger === undefined ? {} : { logger }),
  };
}
