import { ConfigurationError, type Env, type EnvVar, type Logger, readEnv, readKeySettings } from '@slack-mcp/core';
import { type QueueOptions, resolveIntegers, resolveQueueOptions } from '@slack-mcp/core/backend';

/** Options of `MemoryBackend`. */
export interface MemoryBackendOptions extends QueueOptions {
  /** Instances of one name in one process share their queues. Default `default`. */
  name?: string;
  /** Messages of history that are kept of each key for groups still to come. Default 10000. */
  maxLength?: number;
  /**
   * Messages that one group or independent consumer may be owed of a key, those in hand and its dead letters included;
   * at the limit `publish` is refused with `QueueFullError`. Default 100000.
   */
  maxBacklog?: number;
  /**
   * Deliveries without an outcome, whose loop was left each time, after which a message is parked; from the second one on
   * it is handed out alone. Default 25.
   */
  maxDeliveries?: number;
}

/** The variables of this package. Those of every backend (`QUEUE_KEYS`, `QUEUE_GROUPS`, …) are core's. */
export const MEMORY_ENV: readonly EnvVar[] = [
  {
    name: 'MEMORY_NAME',
    description: 'Backends of one name in one process share their queues.',
    default: 'default',
    example: 'orders',
  },
  {
    name: 'MEMORY_MAX_LENGTH',
    description: 'Messages of history kept of each key for groups still to come.',
    default: '10000',
    example: '1000',
  },
  {
    name: 'MEMORY_MAX_BACKLOG',
    description: 'Messages that one group may be owed of a key before publishing is refused.',
    default: '100000',
    example: '500000',
  },
  {
    name: 'MEMORY_MAX_DELIVERIES',
    description: 'Deliveries without an outcome after which a message is parked.',
    default: '25',
    example: '5',
  },
];

/** The options with everything decided. */
export type ResolvedOptions = Readonly<Required<MemoryBackendOptions>>;

/**
 * @throws ConfigurationError - names the option and gives an example
 */
export function resolveOptions(options: MemoryBackendOptions): ResolvedOptions {
  const { name = 'default' } = options;
  if (typeof name !== 'string' || name === '') {
    throw new ConfigurationError("name is a text that is not empty (for example { name: 'orders' })");
  }
  return {
    ...resolveQueueOptions(options),
    ...resolveIntegers(options, { maxLength: [10_000, 0], maxBacklog: [100_000, 1], maxDeliveries: [25, 1] }),
    name,
  };
}

/**
 * @throws ConfigurationError - names the variable and gives an example
 */
export function optionsFromEnv(source: Env | undefined, logger: Logger | undefined): MemoryBackendOptions {
  const env = readEnv(MEMORY_ENV, source);
  const { keys, groups } = readKeySettings(env.source);
  return {
    name: env.string('MEMORY_NAME', { default: 'default' }),
    keys,
    groups,
    maxLength: env.integer('MEMORY_MAX_LENGTH', { default: 10_000 }),
    maxBacklog: env.integer('MEMORY_MAX_BACKLOG', { default: 100_000, min: 1 }),
    maxDeliveries: env.integer('MEMORY_MAX_DELIVERIES', { default: 25, min: 1 }),
    ...(logger === undefined ? {} : { logger }),
  };
}
