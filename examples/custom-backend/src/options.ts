import { ConfigurationError, type Env, type EnvVar, type Logger, readEnv } from '@slack-mcp/core';
import {
  type BrokerOptions,
  brokerEnv,
  MAX_TIMER_MS,
  type ResolvedBrokerOptions,
  readBrokerEnv,
  resolveBrokerOptions,
  resolveIntegers,
} from '@slack-mcp/core/backend';

/** Options of `PostgresBackend`. */
export interface PostgresBackendOptions extends BrokerOptions {
  /** URL of the broker. Default `postgres://postgres@127.0.0.1:5432/postgres`. */
  url?: string;
  /** Milliseconds after which the messages of a silent consumer go to another consumer. Default 30000. */
  leaseMs?: number;
  /** Milliseconds between two reads while no message waits. Default 100. */
  pollMs?: number;
  /** Number of deliveries without a settlement after which a message is parked. Default 25. */
  maxDeliveries?: number;
}

/** {@link PostgresBackendOptions} with all defaults applied. */
export interface PostgresOptions extends ResolvedBrokerOptions {
  readonly url: string;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly maxDeliveries: number;
}

/** Events of Slack are small. A table with large rows is slow. */
const MAX_PAYLOAD_BYTES = 2 ** 20;

const DEFAULT_URL = 'postgres://postgres@127.0.0.1:5432/postgres';

// The URL contains the credentials and the TLS mode.
const { behavior } = brokerEnv('POSTGRES', 'PostgreSQL');

/** The environment variables of this backend. The table in the README is generated from them. */
export const POSTGRES_ENV: readonly EnvVar[] = [
  {
    name: 'POSTGRES_URL',
    description: 'URL of the broker.',
    default: DEFAULT_URL,
    example: 'postgres://slack:<password>@postgres.internal/slack',
    secret: true,
  },
  {
    name: 'POSTGRES_LEASE_MS',
    description: 'Milliseconds after which the messages of a silent consumer go to another consumer.',
    default: '30000',
    example: '10000',
  },
  {
    name: 'POSTGRES_POLL_MS',
    description: 'Milliseconds between two reads while no message waits.',
    default: '100',
    example: '20',
  },
  {
    name: 'POSTGRES_MAX_DELIVERIES',
    description: 'Number of deliveries without a settlement after which a message is parked.',
    default: '25',
    example: '5',
  },
  ...behavior,
];

/**
 * Validates the options and applies the defaults.
 *
 * @throws ConfigurationError - an option is invalid; the message names it and gives an example
 */
export function resolveOptions(options: PostgresBackendOptions): PostgresOptions {
  const { url = DEFAULT_URL } = options;
  if (!isUrl(url)) throw new ConfigurationError(`url is not valid (for example { url: '${DEFAULT_URL}' })`);
  const integers = resolveIntegers(options, {
    leaseMs: [30_000, 100, MAX_TIMER_MS],
    pollMs: [100, 1, MAX_TIMER_MS],
    maxDeliveries: [25, 1],
  });
  return { ...resolveBrokerOptions({ maxPayloadBytes: MAX_PAYLOAD_BYTES, ...options }), ...integers, url };
}

/**
 * Reads the options from environment variables.
 *
 * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
 */
export function optionsFromEnv(source: Env | undefined, logger: Logger | undefined): PostgresBackendOptions {
  const env = readEnv(POSTGRES_ENV, source);
  const url = env.string('POSTGRES_URL', { default: DEFAULT_URL });
  if (!isUrl(url)) throw env.error('POSTGRES_URL', 'is not a URL that starts with postgres://');
  return {
    ...readBrokerEnv(env, 'POSTGRES', logger),
    url,
    leaseMs: env.milliseconds('POSTGRES_LEASE_MS', { default: 30_000, min: 100 }),
    pollMs: env.milliseconds('POSTGRES_POLL_MS', { default: 100, min: 1 }),
    maxDeliveries: env.integer('POSTGRES_MAX_DELIVERIES', { default: 25, min: 1 }),
  };
}

function isUrl(text: string): boolean {
  return text.startsWith('postgres://') && URL.canParse(text);
}
