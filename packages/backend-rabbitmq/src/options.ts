import { ConfigurationError } from '@slack-mcp/core';
import {
  type Address,
  type BrokerOptions,
  formatAddress,
  MAX_TIMER_MS,
  type Refuse,
  type ResolvedBrokerOptions,
  readAuthority,
  readPrivateKey,
  resolveBrokerOptions,
  resolveIntegers,
} from '@slack-mcp/core/backend';
import { parseRabbitMQUrl, type RabbitMQUrl } from './rabbitmq-url.ts';

/** A password, or a function that returns the current password. The backend calls the function for each connection. */
export type PasswordSource = string | (() => string | Promise<string>);

/** Options of `RabbitMQBackend`. */
export interface RabbitMQBackendOptions extends BrokerOptions {
  /**
   * URL of RabbitMQ, with `amqp://` or `amqps://` (TLS), and optionally a user, password and virtual host. Default
   * `amqp://localhost:5672`.
   */
  url?: string;
  /** Addresses of cluster nodes. The backend tries them in turn. Default: the host in the URL. */
  hosts?: readonly Address[];
  /** Overrides the user in the URL. Default `guest`. */
  username?: string;
  /** Overrides the password in the URL. Default `guest`. */
  password?: PasswordSource;
  /** Overrides the virtual host in the URL. Default `/`. */
  vhost?: string;
  /** Whether to use TLS. By default, TLS is used if the scheme of the URL is `amqps://`. */
  tls?: boolean;
  /**
   * The CA certificate that signed the server's certificate, as PEM text or a file path. By default, the CAs of the
   * system are trusted.
   */
  tlsCa?: string;
  /** The client certificate, as PEM text or a file path. Needs `tlsKey`. */
  tlsCert?: string;
  /** The private key of the client certificate, as PEM text or a file path. */
  tlsKey?: string;
  /** Name of the topic exchange. Default `slack_events`. */
  exchange?: string;
  /** Queue type for the queues of consumer groups. `classic` queues are not replicated and do not count deliveries. Default `quorum`. */
  queueType?: 'quorum' | 'classic';
  /**
   * Whether exchanges, queues and messages survive a restart of RabbitMQ. `false` needs classic queues, which are then
   * the default. Default `true`.
   */
  durable?: boolean;
  /**
   * Maximum number of messages in a queue of a group. `publish` rejects when the queue of a group is full. Default: no
   * limit.
   */
  maxLength?: number;
  /** Milliseconds after which an unconsumed message becomes a dead letter. Default: never. */
  messageTtlMs?: number;
  /** Milliseconds after which a silent connection counts as dead. Default 5000. */
  heartbeatMs?: number;
  /**
   * Maximum number of deliveries of a message that end without an outcome, for example because the consumer died; a
   * message that reaches the limit is parked. After two deliveries without an outcome, a message is delivered alone.
   * Default 25.
   */
  maxDeliveries?: number;
}

/**
 * Returns the maximum time in milliseconds for which other deliveries stop while a message is delivered alone. If the
 * handler takes longer, it counts as slow, and the other deliveries continue.
 */
export function isolationMs({ heartbeatMs }: Pick<ResolvedOptions, 'heartbeatMs'>): number {
  return 3 * heartbeatMs;
}

/** The connection options, with defaults applied. */
export interface RabbitMQPlace {
  /** The address for logs and errors, without credentials. */
  readonly endpoint: string;
  readonly hosts: readonly Address[];
  readonly username: string;
  readonly password: PasswordSource;
  readonly vhost: string;
  readonly tls: boolean;
  /** The certificate authority, as PEM text. */
  readonly tlsCa: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
}

/** The options with defaults applied. */
export interface ResolvedOptions extends RabbitMQPlace, ResolvedBrokerOptions {
  readonly connectionName: string;
  readonly exchange: string;
  readonly queueType: 'quorum' | 'classic';
  readonly durable: boolean;
  readonly maxLength: number | undefined;
  readonly messageTtlMs: number | undefined;
  readonly heartbeatMs: number;
  readonly maxDeliveries: number;
}

/** The options for connecting to RabbitMQ. */
export type RabbitMQPlaceOptions = Pick<
  RabbitMQBackendOptions,
  'url' | 'hosts' | 'username' | 'password' | 'vhost' | 'tls' | 'tlsCa' | 'tlsCert' | 'tlsKey'
>;

/** The default, minimum and maximum of `heartbeatMs`. */
const HEARTBEAT: readonly [number, number, number] = [5_000, 1_000, 60_000];
const MAX_DELIVERIES = 100_000;
const EXAMPLE = "for example { url: 'amqp://localhost:5672' }";
const DEFAULT_URL = 'amqp://localhost:5672';

/**
 * @throws ConfigurationError - an option is invalid; the message names it and gives an example
 */
export function resolveOptions(options: RabbitMQBackendOptions): ResolvedOptions {
  const shared = resolveBrokerOptions(options);
  const { exchange = 'slack_events', durable = true, maxLength, messageTtlMs } = options;
  const { queueType = durable ? 'quorum' : 'classic' } = options;
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(exchange) || /^amq\./.test(exchange)) {
    throw new ConfigurationError(
      `exchange is ${JSON.stringify(exchange)}: use 1 to 100 characters from A-Z a-z 0-9 . _ -, without the prefix amq. (for example { exchange: 'slack_events' })`,
    );
  }
  if (queueType !== 'quorum' && queueType !== 'classic') {
    throw new ConfigurationError(
      `queueType is ${JSON.stringify(queueType)}: use quorum or classic (for example { queueType: 'quorum' })`,
    );
  }
  if (!durable && queueType === 'quorum') {
    throw new ConfigurationError(
      "durable is false, but quorum queues are always durable: use classic queues (for example { durable: false, queueType: 'classic' })",
    );
  }
  return {
    ...shared,
    ...resolvePlace(options),
    ...resolveIntegers(options, { heartbeatMs: HEARTBEAT, maxDeliveries: [25, 1, MAX_DELIVERIES] }),
    maxLength: maxLength === undefined ? undefined : resolveIntegers({ maxLength }, { maxLength: [1, 1] }).maxLength,
    messageTtlMs:
      messageTtlMs === undefined
        ? undefined
        : resolveIntegers({ messageTtlMs }, { messageTtlMs: [1, 1, MAX_TIMER_MS] }).messageTtlMs,
    connectionName: `slack-mcp:${shared.prefix}`,
    exchange: `${shared.prefix}${exchange}`,
    queueType,
    durable,
  };
}

/**
 * @throws ConfigurationError - an option is invalid, or one of `tlsCert` and `tlsKey` is set without the other; the
 *   message names the option and gives an example
 */
export function resolvePlace(options: RabbitMQPlaceOptions): RabbitMQPlace {
  const url: RabbitMQUrl = parseRabbitMQUrl(options.url ?? DEFAULT_URL, refusing('url', EXAMPLE));
  const { tlsCa, tlsCert, tlsKey, vhost = url.vhost } = options;
  if (options.hosts?.length === 0) {
    throw new ConfigurationError(
      "hosts is empty: add at least one host (for example [{ host: 'localhost', port: 5672 }])",
    );
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new ConfigurationError(
      "tlsCert and tlsKey belong together: set both (for example { tlsCert: '/etc/ssl/client.pem', tlsKey: '/etc/ssl/client-key.pem' })",
    );
  }
  const hosts = options.hosts ?? [{ host: url.host, port: url.port }];
  const tls = options.tls ?? (url.tls || tlsCa !== undefined || tlsCert !== undefined);
  const place = hosts.map(formatAddress).join(',');
  return {
    endpoint: `${tls ? 'amqps' : 'amqp'}://${place}${vhost === '/' ? '' : `/${encodeURIComponent(vhost)}`}`,
    hosts,
    username: options.username ?? url.username ?? 'guest',
    password: options.password ?? url.password ?? 'guest',
    vhost,
    tls,
    tlsCa: tlsCa && readAuthority(tlsCa, refusingFile('tlsCa')),
    tlsCert: tlsCert && readAuthority(tlsCert, refusingFile('tlsCert')),
    tlsKey: tlsKey && readPrivateKey(tlsKey, refusingFile('tlsKey')),
  };
}

function refusingFile(name: string): Refuse {
  return refusing(name, `for example { ${name}: '/etc/ssl/${name}.pem' }`);
}

function refusing(name: string, example: string): Refuse {
  return (problem) => new ConfigurationError(`${name} ${problem} (${example})`);
}
