import { type Env, type EnvVar, type Logger, readEnv } from '@slack-mcp/core';
import { brokerEnv, readBrokerEnv, withoutUndefined } from '@slack-mcp/core/backend';
import { parseBrokers } from './bootstrap-servers.ts';
import { type KafkaBackendOptions, RETRY_MODES } from './options.ts';

const SHARED = brokerEnv('KAFKA', 'Kafka');

/** Descriptions that differ from those of a backend whose broker has a URL. */
const OTHER: Readonly<Record<string, Partial<EnvVar>>> = {
  KAFKA_USERNAME: { description: 'User name for SASL.' },
  KAFKA_PASSWORD: { description: 'Password for SASL.' },
  KAFKA_TLS: { description: 'Turns TLS on or off. By default, TLS is on if a certificate is set.' },
  KAFKA_PREFIX: {
    description: 'Prefix of all topics and groups; set different prefixes for installations that share one cluster.',
    example: 'staging.',
  },
};

/**
 * The environment variables of this package. `core` declares variables that every backend reads, such as `QUEUE_KEYS`.
 */
export const KAFKA_ENV: readonly EnvVar[] = [
  {
    name: 'KAFKA_BOOTSTRAP_SERVERS',
    description: 'Addresses of some brokers, separated by commas; the backend discovers the other brokers.',
    example: 'broker-1:9092,broker-2:9092',
    required: true,
  },
  ...SHARED.access.map(adapted),
  {
    name: 'KAFKA_TLS_CERT',
    description: 'Certificate of the client, as PEM text or as the path of a file.',
    example: '/etc/ssl/kafka-client.pem',
  },
  {
    name: 'KAFKA_TLS_KEY',
    description: 'Private key of `KAFKA_TLS_CERT`, as PEM text or as the path of a file.',
    example: '/etc/ssl/kafka-client.key',
    secret: true,
  },
  {
    name: 'KAFKA_SASL_MECHANISM',
    description: 'SASL mechanism: `plain`, `scram-sha-256` or `scram-sha-512`. Used only if a user name is set.',
    default: 'plain',
    example: 'scram-sha-512',
  },
  ...SHARED.behavior.map(adapted),
  {
    name: 'KAFKA_PARTITIONS',
    description: 'Number of partitions for topics that the backend creates.',
    default: '6',
    example: '12',
  },
  {
    name: 'KAFKA_REPLICAS',
    description: 'Number of replicas for topics that the backend creates; the default is the setting of the broker.',
    example: '3',
  },
  {
    name: 'KAFKA_LEASE_MS',
    description: 'Milliseconds after which an unresponsive member of a group loses its partitions.',
    default: '30000',
    example: '60000',
  },
  {
    name: 'KAFKA_RETRY_MODE',
    description:
      'With `block`, a nacked message holds back later messages of its ordering key until it is delivered again. With `topic`, a nacked message moves to a topic of its group, and later messages do not wait.',
    default: 'block',
    example: 'topic',
  },
  {
    name: 'KAFKA_MAX_DELIVERIES',
    description:
      'Maximum number of deliveries of a message that end without an outcome, for example because the consumer died; a message that reaches the limit is parked.',
    default: '25',
    example: '10',
  },
];

/**
 * @param source - the environment variables; default `process.env`
 * @throws ConfigurationError - a variable is invalid; the message names it and gives an example
 */
export function optionsFromEnv(source: Env | undefined, logger: Logger | undefined): KafkaBackendOptions {
  const env = readEnv(KAFKA_ENV, source);
  const brokers = env.list('KAFKA_BOOTSTRAP_SERVERS', { required: true });
  parseBrokers(brokers, (problem) => env.error('KAFKA_BOOTSTRAP_SERVERS', problem));
  const shared = readBrokerEnv(env, 'KAFKA', logger);
  if (shared.prefix?.includes(':')) throw env.error('KAFKA_PREFIX', 'contains a colon, which Kafka refuses');
  const mechanism = env.oneOf('KAFKA_SASL_MECHANISM', ['plain', 'scram-sha-256', 'scram-sha-512'], {
    default: 'plain',
  });
  if ((shared.username === undefined) !== (shared.password === undefined)) {
    if (shared.username === undefined)
      throw env.error('KAFKA_USERNAME', 'is not set, but KAFKA_PASSWORD is set: set both');
    throw env.error('KAFKA_PASSWORD', 'is not set, but KAFKA_USERNAME is set: set both');
  }
  const tlsCert = env.string('KAFKA_TLS_CERT');
  const tlsKey = env.string('KAFKA_TLS_KEY');
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    if (tlsCert === undefined) throw env.error('KAFKA_TLS_CERT', 'is not set, but KAFKA_TLS_KEY is set: set both');
    throw env.error('KAFKA_TLS_KEY', 'is not set, but KAFKA_TLS_CERT is set: set both');
  }
  return {
    ...shared,
    ...withoutUndefined({
      mechanism: shared.username === undefined ? undefined : mechanism,
      tlsCert,
      tlsKey,
      replicas: env.integer('KAFKA_REPLICAS', { min: 1, max: 32_767 }),
    }),
    brokers,
    partitions: env.integer('KAFKA_PARTITIONS', { default: 6, min: 1, max: 100_000 }),
    leaseMs: env.milliseconds('KAFKA_LEASE_MS', { default: 30_000, min: 100 }),
    retryMode: env.oneOf('KAFKA_RETRY_MODE', RETRY_MODES, { default: 'block' }),
    maxDeliveries: env.integer('KAFKA_MAX_DELIVERIES', { default: 25, min: 1, max: 100_000 }),
  };
}

function adapted(variable: EnvVar): EnvVar {
  return { ...variable, ...OTHER[variable.name] };
}
