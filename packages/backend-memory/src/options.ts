import {
  assertGroup,
  assertKey,
  ConfigurationError,
  DEFAULT_KEY,
  type Env,
  type EnvVar,
  type Logger,
  type QueueKey,
  readEnv,
  readKeySettings,
  silentLogger,
} from '@slack-mcp/core';

/** Options of `MemoryBackend`. */
export interface MemoryBackendOptions {
  /** Instances of one name in one process share their queues. Default `default`. */
  name?: string;
  /** What is consumed unless told otherwise. Default `['slack_events']`. */
  keys?: readonly QueueKey[];
  /** Groups that are owed messages from the first publish on. Default none. */
  groups?: readonly string[];
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
  /** Largest payload in bytes of its UTF-8 JSON. Default 16777216 (16 MiB). */
  maxPayloadBytes?: number;
  /** Default: logs nothing. */
  logger?: Logger;
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
export type ResolvedOptions = Required<MemoryBackendOptions>;

/**
 * @throws ConfigurationError - names the option and gives an example
 */
export function resolveOptions(options: MemoryBackendOptions): ResolvedOptions {
  const resolved = {
    name: options.name ?? 'default',
    keys: options.keys ?? [DEFAULT_KEY],
    groups: options.groups ?? [],
    maxLength: options.maxLength ?? 10_000,
    maxBacklog: options.maxBacklog ?? 100_000,
    maxDeliveries: options.maxDeliveries ?? 25,
    maxPayloadBytes: options.maxPayloadBytes ?? 16 * 2 ** 20,
    logger: options.logger ?? silentLogger,
  };
  if (typeof resolved.name !== 'string' || resolved.name === '') {
    throw new ConfigurationError("name is a text that is not empty (for example { name: 'orders' })");
  }
  if (resolved.keys.length === 0) {
    throw new ConfigurationError("keys is empty: name at least one (for example { keys: ['slack_events'] })");
  }
  resolved.keys.forEach(assertKey);
  resolved.groups.forEach(assertGroup);
  assertCount('maxLength', resolved.maxLength, 0);
  assertCount('maxBacklog', resolved.maxBacklog, 1);
  assertCount('maxDeliveries', resolved.maxDeliveries, 1);
  assertCount('maxPayloadBytes', resolved.maxPayloadBytes, 2);
  return resolved;
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

function assertCount(name: string, value: unknown, min: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= min) return;
  throw new ConfigurationError(`${name} is an integer of at least ${min} (for example { ${name}: 10000 })`);
}
