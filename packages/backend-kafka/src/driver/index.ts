/**
 * The driver, which connects to brokers and sends requests. Only the files in this folder import kafkajs, so that
 * replacing the library affects no other code.
 */
export type { Api, FetchedPartition, IncomingRecord, OutgoingRecord, TopicMetadata } from './api.ts';
export { Connection, type Sasl } from './connection.ts';
export { assertSuccess, BrokerError, errorType, STALE_METADATA } from './error-code.ts';
export { KafkaLink, type Leaders, type LinkOptions, MAIN } from './kafka-link.ts';
export {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  type PartitionsByTopic,
} from './member-protocol.ts';
export { NoAnswerError } from './no-answer-error.ts';
export { partitionFor } from './partition-for.ts';
