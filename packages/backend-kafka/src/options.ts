import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { ConfigurationError } from '@slack-mcp/core';
import {
  type Address,
  assertInteger,
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
import { parseBrokers } from './bootstrap-servers.ts';
import type { Sasl } from './driver/index.ts';
import { TokenError } from './token-error.ts';

/** A SASL mechanism, named like the values of Kafka's `sasl.mechanism` in lower case. */
export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512' | 'oauthbearer';

/** What happens to a message that is nacked. */
export type RetryMode = (typeof RETRY_MODES)[number];

export const RETRY_MODES = ['block', 'topic'] as const;

/** Options of {@link KafkaBackend}. */
export interface KafkaBackendOptions extends BrokerOptions {
  /** Bootstrap servers, for example `['broker-1:9092', 'broker-2:9092']`. */
  brokers: readonly string[];
  username?: string;
  password?: string;
  /** SASL mechanism. Default `plain` if `username` is set, and `oauthbearer` if `oauthToken` is set. */
  mechanism?: SaslMechanism;
  /** A function that returns a token for `oauthbearer`. The backend calls the function for each connection. */
  oauthToken?: () => Promise<string>;
  /** Whether to use TLS. By default, TLS is on if `tlsCa` or `tlsCert` is set. */
  tls?: boolean;
  /** Certificate authority that signed the certificates of the brokers, as PEM text or the path of a file. */
  tlsCa?: string;
  /** Certificate of the client, as PEM text or the path of a file. */
  tlsCert?: string;
  /** Private key of `tlsCert`, as PEM text or the path of a file. */
  tlsKey?: string;
  /** Milliseconds after which a broker that does not answer counts as unavailable. Default 5000. */
  requestTimeoutMs?: number;
  /** Number of partitions for topics that the backend creates. Default 6. */
  partitions?: number;
  /** Number of replicas for topics that the backend creates; the default is the setting of the broker. */
  replicas?: number;
  /**
   * Milliseconds after which an unresponsive member of a group loses its partitions, sent to Kafka as
   * `session.timeout.ms`. Default 30000.
   */
  leaseMs?: number;
  /**
   * What happens to a message that is nacked. With `block` (default), the message stays in its partition, and later
   * messages of its ordering key wait for it. With `topic`, the message moves to a topic of its group, and later messages
   * of its ordering key do not wait.
   */
  retryMode?: RetryMode;
  /**
   * Maximum number of deliveries of a message that end without an outcome, for example because the consumer died; a
   * message that reaches the limit is parked. After two deliveries without an outcome, a message is delivered alone.
   * Default 25.
   */
  maxDeliveries?: number;
}

/** The options with defaults applied. */
export interface ResolvedOptions extends ResolvedBrokerOptions {
  readonly brokers: readonly Address[];
  /** The addresses for logs and errors, without credentials. */
  readonly endpoint: string;
  readonly clientId: string;
  readonly sasl: Sasl | undefined;
  readonly ssl: TlsOptions | undefined;
  readonly requestTimeoutMs: number;
  readonly partitions: number;
  readonly replicas: number;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly maxDeliveries: number;
  readonly retryMode: RetryMode;
}

/**
 * The default of `maxPayloadBytes`. Kafka's own default accepts records of up to 1048588 bytes, including key and
 * headers.
 */
const MAX_PAYLOAD_BYTES = 1_000_000;
/** The number of replicas that selects the default of the broker. */
const BROKER_DEFAULT = -1;
const MAX_REPLICAS = 32_767;
const MIN_LEASE_MS = 100;
const EXAMPLE = "for example { brokers: ['localhost:9092'] }";

/** @throws ConfigurationError - an option is invalid; the message names it and gives an example */
export function resolveOptions(options: KafkaBackendOptions): ResolvedOptions {
  const shared = resolveBrokerOptions({ maxPayloadBytes: MAX_PAYLOAD_BYTES, ...options });
  if (shared.prefix.includes(':')) {
    throw new ConfigurationError(
      `prefix is ${JSON.stringify(shared.prefix)}, but Kafka refuses names with a colon: remove it (for example { prefix: 'staging.' })`,
    );
  }
  if (!Array.isArray(options.brokers)) {
    const given = options.brokers === undefined ? 'missing' : 'not an array';
    throw new ConfigurationError(`brokers is ${given}: pass an array of addresses (${EXAMPLE})`);
  }
  const brokers = parseBrokers(options.brokers, refusing('brokers', EXAMPLE));
  const numbers = resolveIntegers(options, {
    requestTimeoutMs: [5_000, 100, MAX_TIMER_MS],
    partitions: [6, 1, 100_000],
    leaseMs: [30_000, MIN_LEASE_MS, MAX_TIMER_MS],
    maxDeliveries: [25, 1, 100_000],
  });
  const { replicas = BROKER_DEFAULT, retryMode = 'block' } = options;
  if (replicas !== BROKER_DEFAULT) assertInteger('replicas', replicas, 1, MAX_REPLICAS);
  if (!RETRY_MODES.includes(retryMode)) {
    throw new ConfigurationError(
      `retryMode is ${JSON.stringify(retryMode)}: use block or topic (for example { retryMode: 'topic' })`,
    );
  }
  return {
    ...shared,
    ...numbers,
    brokers,
    replicas,
    retryMode,
    endpoint: brokers.map(formatAddress).join(','),
    clientId: 'slack-mcp',
    sasl: resolveSasl(options),
    ssl: resolveTls(options),
    heartbeatMs: Math.max(20, Math.min(500, Math.floor(numbers.leaseMs / 10))),
  };
}

function resolveSasl(options: KafkaBackendOptions): Sasl | undefined {
  const { username, password, oauthToken } = options;
  const mechanism =
    options.mechanism ?? (oauthToken !== undefined ? 'oauthbearer' : username === undefined ? undefined : 'plain');
  if (mechanism === undefined) return undefined;
  if (mechanism === 'oauthbearer') {
    if (oauthToken === undefined) {
      throw new ConfigurationError(
        'mechanism oauthbearer requires oauthToken (for example { oauthToken: async () => token })',
      );
    }
    const oauthBearerProvider = async (): Promise<{ value: string }> => {
      try {
        return { value: await oauthToken() };
      } catch (cause) {
        throw new TokenError(cause);
      }
    };
    return { mechanism, oauthBearerProvider };
  }
  if (!['plain', 'scram-sha-256', 'scram-sha-512'].includes(mechanism)) {
    throw new ConfigurationError(
      `mechanism is ${JSON.stringify(mechanism)}: use plain, scram-sha-256, scram-sha-512 or oauthbearer (for example { mechanism: 'plain' })`,
    );
  }
  if (username === undefined || password === undefined) {
    throw new ConfigurationError(
      `mechanism ${mechanism} requires username and password (for example { username: 'slack', password: '…' })`,
    );
  }
  return { mechanism, username, password };
}

function resolveTls({ tls, tlsCa, tlsCert, tlsKey }: KafkaBackendOptions): TlsOptions | undefined {
  if (!(tls ?? (tlsCa !== undefined || tlsCert !== undefined))) return undefined;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new ConfigurationError('tlsCert and tlsKey belong together: set both or neither');
  }
  const pem = (name: string, value: string | undefined): string | undefined =>
    value === undefined ? undefined : readAuthority(value, refusing(name, `for example { ${name}: '/etc/ssl/x.pem' }`));
  const ca = pem('tlsCa', tlsCa);
  const cert = pem('tlsCert', tlsCert);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || tlsKey === undefined
      ? {}
      : { cert, key: readPrivateKey(tlsKey, refusing('tlsKey', "for example { tlsKey: '/etc/ssl/client.key' }")) }),
  };
}

function refusing(name: string, example: string): Refuse {
  return (problem) => new ConfigurationError(`${name} ${problem} (${example})`);
}
