import {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  ConsumeError,
  isQueueError,
  PayloadTooLargeError,
  ProtocolError,
  PublishError,
  type QueueError,
  TopologyError,
} from '@slack-mcp/core';
import { type BrokerNames, connectionLost, connectionProblem } from '@slack-mcp/core/backend';

const NAMES: BrokerNames = {
  broker: 'Kafka',
  variables: 'KAFKA',
  address: 'KAFKA_BOOTSTRAP_SERVERS',
  clientCertificate: true,
};

/**
 * Error codes that a retry cannot fix. All other codes count as temporary, including codes that the client library does
 * not know: repeating a request does less harm than ending a subscription permanently.
 */
const PERMANENT: ReadonlySet<string> = new Set([
  'OFFSET_METADATA_TOO_LARGE',
  'INVALID_FETCH_SIZE',
  'INVALID_REQUIRED_ACKS',
  'INVALID_GROUP_ID',
  'INVALID_COMMIT_OFFSET_SIZE',
  'INVALID_TIMESTAMP',
  'INVALID_PARTITIONS',
  'INVALID_REPLICATION_FACTOR',
  'INVALID_REPLICA_ASSIGNMENT',
  'INVALID_CONFIG',
  'INVALID_REQUEST',
  'INVALID_RECORD',
  'POLICY_VIOLATION',
  'SECURITY_DISABLED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'UNSUPPORTED_COMPRESSION_TYPE',
]);

/** The error classes for an operation. */
interface Wants {
  /** The error class for failures that have no specific error class. */
  readonly Unknown: typeof PublishError | typeof ConsumeError;
}

export const PUBLISHING: Wants = { Unknown: PublishError };
export const CONSUMING: Wants = { Unknown: ConsumeError };

/**
 * Converts an error of the driver to a `QueueError`. A refused or lost connection is always retryable, even if the
 * library marks the error as permanent.
 *
 * @param doing - the operation that failed, for example `publishing to slack_events`
 */
export function toQueueError(error: unknown, doing: string, endpoint: string, wants: Wants = CONSUMING): QueueError {
  if (isQueueError(error)) return error;
  const where = `${doing} at ${endpoint}`;
  const options = { cause: error };
  const { type, name, message } = partsOf(error);
  switch (name) {
    case 'LoginRefusedError':
      return refusedLogin(where, options);
    case 'TokenError':
      return new ConnectionError(`${where}: ${message}; the backend will call oauthToken again`, options);
    case 'KafkaJSServerDoesNotSupportApiKey':
      return new ProtocolError(`${where}: the broker does not support the request; use Kafka 2.4 or newer`, options);
    case 'KafkaJSNotImplemented':
      return new ConsumeError(
        `${where}: ${message}; configure the producers of the topic to use gzip or no compression`,
        options,
      );
  }
  switch (type) {
    case 'SASL_AUTHENTICATION_FAILED':
      return refusedLogin(where, options);
    case 'UNSUPPORTED_SASL_MECHANISM':
      return new AuthenticationError(
        `${where}: Kafka does not accept the configured SASL mechanism; check KAFKA_SASL_MECHANISM`,
        options,
      );
    case 'ILLEGAL_SASL_STATE':
      return new AuthenticationError(
        `${where}: the Kafka listener does not use SASL; remove KAFKA_USERNAME or use the address of another listener`,
        options,
      );
    case 'TOPIC_AUTHORIZATION_FAILED':
      return new AuthenticationError(
        `${where}: the Kafka user may not use the topic; grant the user Read, Write and Describe on the topic`,
        options,
      );
    case 'GROUP_AUTHORIZATION_FAILED':
      return new AuthenticationError(
        `${where}: the Kafka user may not use the group; grant the user Read on the group`,
        options,
      );
    case 'CLUSTER_AUTHORIZATION_FAILED':
      return new AuthenticationError(
        `${where}: the Kafka user lacks a permission on the cluster; grant the user IdempotentWrite, and Create if topics are missing`,
        options,
      );
    case 'INVALID_TOPIC_EXCEPTION':
      return new TopologyError(
        `${where}: Kafka refuses the topic name (${message.slice(0, 200)}); choose another key or KAFKA_PREFIX`,
        options,
      );
    case 'INVALID_SESSION_TIMEOUT':
      return new ConfigurationError(
        `${where}: Kafka rejects the session timeout; set KAFKA_LEASE_MS to a value between the broker's group.min.session.timeout.ms and group.max.session.timeout.ms`,
        options,
      );
    case 'INCONSISTENT_GROUP_PROTOCOL':
      return new TopologyError(
        `${where}: other members of the group use a different assignment protocol; use a separate group for slack-mcp`,
        options,
      );
    case 'MESSAGE_TOO_LARGE':
    case 'RECORD_LIST_TOO_LARGE':
      return new PayloadTooLargeError(
        `${where}: the message exceeds the size limit of the topic; raise max.message.bytes or lower maxPayloadBytes`,
        options,
      );
    case 'UNSUPPORTED_VERSION':
      return new ProtocolError(`${where}: the broker does not support the request; use Kafka 2.4 or newer`, options);
  }
  if (type !== '') {
    const { Unknown } = wants;
    const text = `${where}: Kafka answered: ${message.slice(0, 200)}`;
    return new Unknown(text, { ...options, retryable: !PERMANENT.has(type) });
  }
  return connectionProblem(error, where, NAMES) ?? connectionLost(error, where, NAMES);
}

function refusedLogin(where: string, options: { cause: unknown }): AuthenticationError {
  const advice = 'check KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_SASL_MECHANISM';
  return new AuthenticationError(`${where}: Kafka refuses the credentials; ${advice}`, options);
}

interface Parts {
  readonly type: string;
  readonly name: string;
  readonly message: string;
}

function partsOf(error: unknown): Parts {
  const { type = '', name = '', message = String(error) } = (error ?? {}) as Partial<Record<keyof Parts, unknown>>;
  return { type: String(type), name: String(name), message: String(message) };
}
