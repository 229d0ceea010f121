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
export { type ClosingStep, closeInOrder } from './command/close-in-order.ts';
export { formatText } from './command/format-text.ts';
export { type FailureWait, untilFailure } from './command/until-failure.ts';
export { withinTime } from './command/within-time.ts';
export type { DeadLetter, DeadLetters } from './dead-letters.ts';
export type { DedupeClaim, DedupeStore, OpenDedupeStore, SharedDedupeStore } from './dedupe-store.ts';
export type { AckBatchOptions } from './delivery/ack-batcher.ts';
export { createSubscription, type SubscriptionSettings } from './delivery/create-subscription.ts';
export type { Delivery, DeliverySink, DeliverySource } from './delivery/delivery-source.ts';
export { type Env, type EnvReader, type Reading, type ReadOptions, readEnv } from './env.ts';
export { envTable } from './env-table.ts';
export {
  type AnyQueueError,
  AuthenticationError,
  BackendInvalidError,
  BackendNotFoundError,
  ConfigurationError,
  ConnectionError,
  type ConnectionErrorCode,
  ConnectionRefusedError,
  ConsumeError,
  HostNotFoundError,
  isQueueError,
  LeaseLostError,
  PayloadTooLargeError,
  ProtocolError,
  PublishError,
  QueueClosedError,
  QueueError,
  type QueueErrorCode,
  type QueueErrorOptions,
  QueueFullError,
  QueueTimeoutError,
  SerializationError,
  TlsError,
  TopologyError,
  UnroutableError,
  UnsupportedError,
} from './errors.ts';
export { checkHeaders, WIRE_HEADERS } from './headers.ts';
export { isBackendPlugin } from './is-backend-plugin.ts';
export { isQueueBackend } from './is-queue-backend.ts';
export type { JsonObject, JsonValue } from './json.ts';
export { assertGroup, assertKey, DEFAULT_KEY, type KeySettings, readKeySettings, routeKey } from './keys.ts';
export { type BackendListing, listBackends } from './list-backends.ts';
export { type LoadBackendOptions, type LoadedBackend, loadBackend } from './load-backend.ts';
export { type LoadDedupeStoreOptions, loadDedupeStore } from './load-dedupe-store.ts';
export { type LoadedTaskQueues, type LoadTaskQueuesOptions, loadTaskQueues } from './load-task-queues.ts';
export { type LoadedWorkerModule, type LoadWorkerOptions, loadWorkerModule } from './load-worker-module.ts';
export { type Logger, type LogMethod, silentLogger } from './logger.ts';
export type { DeadLetterReason, MessageMetadata, QueueMessage } from './message.ts';
export { nearestName } from './nearest-name.ts';
export { decodePayload, encodePayload } from './payload.ts';
export type { DiscoveryOptions } from './places.ts';
export type { BackendPlugin, EnvVar, PluginFacets } from './plugin.ts';
export { QUEUE_ENV } from './queue-env.ts';
export { redactSecrets } from './redact-secrets.ts';
export { redactUrl } from './redact-url.ts';
export { type ConsumeDefaults, type ResolvedConsumeOptions, resolveConsumeOptions } from './resolve-consume-options.ts';
export { type PublishLimits, type ResolvedPublish, resolvePublish } from './resolve-publish.ts';
export type { ConsumeOptions, Subscription } from './subscription.ts';
export type { OpenTaskQueues, TaskQueues } from './task-queues.ts';
export type { SlackClient, Worker, WorkerContext, WorkerModule } from './worker.ts';
