import {
  AuthenticationError,
  ConfigurationError,
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

/** Codes of temporary errors of the broker. */
const PASSING: ReadonlySet<string> = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'REQUEST_TIMED_OUT',
  'BROKER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'KAFKA_STORAGE_ERROR',
  'NOT_CONTROLLER',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'MEMBER_ID_REQUIRED',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'THROTTLING_QUOTA_EXCEEDED',
]);

/** The error class for an operation. */
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
  if (name === 'KafkaJSSASLAuthenticationError' || /SASL|authenticat/i.test(`${name} ${type}`)) {
    return new AuthenticationError(
      `${where}: Kafka refuses the credentials; check KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_SASL_MECHANISM`,
      options,
    );
  }
  switch (type) {
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
        `${where}: Kafka refuses the name of the topic (${message.slice(0, 200)}); choose another key or KAFKA_PREFIX`,
        options,
      );
    case 'INVALID_SESSION_TIMEOUT':
      return new ConfigurationError(
        `${where}: Kafka rejects the session timeout; set KAFKA_LEASE_MS to a value between the broker's group.min.session.timeout.ms and group.max.session.timeout.ms`,
        options,
      );
    case 'INCONSISTENT_GROUP_PROTOCOL':
      return new TopologyError(
        `${where}: other members of the group use another assignment protocol; use a separate group for slack-mcp`,
        options,
      );
    case 'MESSAGE_TOO_LARGE':
    case 'RECORD_LIST_TOO_LARGE':
      return new PayloadTooLargeError(
        `${where}: the message exceeds the limit of the topic; raise max.message.bytes or lower maxPayloadBytes`,
        options,
      );
    case 'UNSUPPORTED_VERSION':
      return new ProtocolError(`${where}: the broker does not support the request; use Kafka 2.4 or newer`, options);
  }
  if (type !== '') {
    const { Unknown } = wants;
    const text = `${where}: Kafka answered: ${message.slice(0, 200)}`;
    return new Unknown(text, { ...options, retryable: PASSING.has(type) });
  }
  return connectionProblem(error, where, NAMES) ?? connectionLost(error, where, NAMES);
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
