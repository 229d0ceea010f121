export type {
  BackendHealth,
  ConsumerGroup,
  PublishOptions,
  QueueBackend,
  QueueBackendClass,
  QueueBackendConfig,
  QueueKey,
  QueuePayload,
} from './backend.ts';
export { type BackoffOptions, backoffDelay } from './backoff.ts';
export type { BackendCapabilities } from './capabilities.ts';
export type { DeadLetter, DeadLetters } from './dead-letters.ts';
export {
  type AnyQueueError,
  AuthenticationError,
  BackendInvalidError,
  BackendNotFoundError,
  ConfigurationError,
  ConnectionError,
  ConsumeError,
  isQueueError,
  LeaseLostError,
  PayloadTooLargeError,
  PublishError,
  QueueClosedError,
  QueueError,
  type QueueErrorCode,
  type QueueErrorOptions,
  QueueFullError,
  QueueTimeoutError,
  SerializationError,
  TopologyError,
  UnroutableError,
  UnsupportedError,
} from './errors.ts';
export { checkHeaders, WIRE_HEADERS } from './headers.ts';
export type { JsonObject, JsonValue } from './json.ts';
export { assertGroup, assertKey, DEFAULT_KEY, type KeySettings, readKeySettings, routeKey } from './keys.ts';
export { type Logger, type LogMethod, silentLogger } from './logger.ts';
export type { DeadLetterReason, MessageMetadata, QueueMessage } from './message.ts';
export { decodePayload, encodePayload } from './payload.ts';
export type { BackendPlugin, EnvVar } from './plugin.ts';
export type { ConsumeOptions, Subscription } from './subscription.ts';
export type { SlackClient, Worker, WorkerContext, WorkerModule } from './worker.ts';
