import { type Env, type EnvReader, type EnvVar, type Logger, readEnv } from '@slack-mcp/core';
import {
  brokerEnv,
  parseAddresses,
  readAuthority,
  readBrokerEnv,
  readPrivateKey,
  withoutUndefined,
} from '@slack-mcp/core/backend';
import type { RabbitMQBackendOptions } from './options.ts';
import { parseRabbitMQUrl } from './rabbitmq-url.ts';

const SHARED = brokerEnv('RABBITMQ', 'RabbitMQ');

/**
 * The environment variables of this package. `core` declares variables that every backend reads, such as `QUEUE_KEYS`.
 */
export const RABBITMQ_ENV: readonly EnvVar[] = [
  {
    name: 'RABBITMQ_URL',
    description:
      'URL of RabbitMQ, with `amqp://` or `amqps://` (TLS), and optionally a user, password and virtual host.',
    default: 'amqp://localhost:5672',
    example: 'amqp://localhost:5672/slack',
    secret: true,
  },
  {
    name: 'RABBITMQ_HOSTS',
    description:
      'Comma-separated addresses of cluster nodes. The backend tries them in turn. Default: the host in the URL.',
    example: 'rabbit-1:5672,rabbit-2:5672',
  },
  ...SHARED.access,
  {
    name: 'RABBITMQ_TLS_CERT',
    description: 'Client certificate, as PEM text or as the path of a file. Needs `RABBITMQ_TLS_KEY`.',
    example: '/etc/ssl/rabbitmq-client.pem',
  },
  {
    name: 'RABBITMQ_TLS_KEY',
    description: 'Private key of the client certificate, as PEM text or as the path of a file.',
    example: '/etc/ssl/rabbitmq-client-key.pem',
    secret: true,
  },
  { name: 'RABBITMQ_VHOST', description: 'Virtual host. Overrides the virtual host in the URL.', example: 'slack' },
  {
    name: 'RABBITMQ_EXCHANGE',
    description: 'Name of the topic exchange, which must be the same for publishers and consumers.',
    default: 'slack_events',
    example: 'slack_events',
  },
  ...SHARED.behavior,
  {
    name: 'RABBITMQ_QUEUE_TYPE',
    description:
      'Queue type for the queues of consumer groups, either `quorum` or `classic`. A `classic` queue is not replicated and does not count deliveries. The type of existing queues cannot be changed.',
    default: 'quorum',
    example: 'classic',
  },
  {
    name: 'RABBITMQ_DURABLE',
    description:
      'Whether queues and messages survive a restart of RabbitMQ. `false` uses classic queues. This setting cannot be changed for existing queues.',
    default: 'true',
    example: 'false',
  },
  {
    name: 'RABBITMQ_MAX_LENGTH',
    description:
      'Maximum number of messages in the queue of a group; publishing is refused when the queue of a group is full. `RABBITMQ_MAX_LENGTH` cannot be changed for existing queues. Default: no limit.',
    example: '100000',
  },
  {
    name: 'RABBITMQ_MESSAGE_TTL',
    description:
      'Seconds after which an unconsumed message becomes a dead letter. `RABBITMQ_MESSAGE_TTL` cannot be changed for existing queues. Default: never.',
    example: '86400',
  },
  {
    name: 'RABBITMQ_HEARTBEAT_MS',
    description: 'Milliseconds after which a silent connection counts as dead.',
    default: '5000',
    example: '10000',
  },
  {
    name: 'RABBITMQ_MAX_DELIVERIES',
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
export function optionsFromEnv(source: Env | undefined, logger: Logger | undefined): RabbitMQBackendOptions {
  const env = readEnv(RABBITMQ_ENV, source);
  const hosts = env.list('RABBITMQ_HOSTS');
  const ttl = env.integer('RABBITMQ_MESSAGE_TTL', { min: 1, max: 2_000_000 });
  const durable = env.boolean('RABBITMQ_DURABLE', { default: true });
  const queueType = env.oneOf('RABBITMQ_QUEUE_TYPE', ['quorum', 'classic']);
  if (!durable && queueType === 'quorum') {
    throw env.error(
      'RABBITMQ_QUEUE_TYPE',
      'is quorum, but quorum queues are always durable: use classic, or set RABBITMQ_DURABLE=true',
    );
  }
  return {
    ...readBrokerEnv(env, 'RABBITMQ', logger),
    url: readUrl(env),
    exchange: readExchange(env),
    durable,
    heartbeatMs: env.milliseconds('RABBITMQ_HEARTBEAT_MS', { default: 5_000, min: 1_000, max: 60_000 }),
    maxDeliveries: env.integer('RABBITMQ_MAX_DELIVERIES', { default: 25, min: 1, max: 100_000 }),
    ...withoutUndefined({
      queueType,
      hosts:
        hosts.length === 0
          ? undefined
          : parseAddresses(hosts, 5_672, (problem) => env.error('RABBITMQ_HOSTS', problem)),
      vhost: env.string('RABBITMQ_VHOST'),
      maxLength: env.integer('RABBITMQ_MAX_LENGTH', { min: 1 }),
      messageTtlMs: ttl === undefined ? undefined : ttl * 1_000,
      ...readClientCertificate(env),
    }),
  };
}

function readUrl(env: EnvReader): string {
  const url = env.url('RABBITMQ_URL', { default: 'amqp://localhost:5672', protocols: ['amqp:', 'amqps:'] });
  parseRabbitMQUrl(url, (problem) => env.error('RABBITMQ_URL', problem));
  return url;
}

function readExchange(env: EnvReader): string {
  const exchange = env.string('RABBITMQ_EXCHANGE', { default: 'slack_events' });
  if (/^[A-Za-z0-9._-]{1,100}$/.test(exchange) && !exchange.startsWith('amq.')) return exchange;
  throw env.error(
    'RABBITMQ_EXCHANGE',
    'is not a valid name: use 1 to 100 characters from A-Z a-z 0-9 . _ -, without the prefix amq.',
  );
}

function readClientCertificate(env: EnvReader): { tlsCert: string | undefined; tlsKey: string | undefined } {
  const cert = env.string('RABBITMQ_TLS_CERT');
  const key = env.string('RABBITMQ_TLS_KEY');
  if (cert !== undefined && key === undefined)
    throw env.error('RABBITMQ_TLS_KEY', 'is not set, but RABBITMQ_TLS_CERT is set: set both');
  if (cert === undefined && key !== undefined)
    throw env.error('RABBITMQ_TLS_CERT', 'is not set, but RABBITMQ_TLS_KEY is set: set both');
  return {
    tlsCert: cert && readAuthority(cert, (problem) => env.error('RABBITMQ_TLS_CERT', problem)),
    tlsKey: key && readPrivateKey(key, (problem) => env.error('RABBITMQ_TLS_KEY', problem)),
  };
}
