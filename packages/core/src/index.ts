export { type ClosingStep, closeInOrder } from './command/close-in-order.ts';
export { onTermination, type Termination } from './command/on-termination.ts';
export { type FailureWait, untilFailure } from './command/until-failure.ts';
export { withinTime } from './command/within-time.ts';
export { type Env, type EnvReader, type Reading, type ReadOptions, readEnv } from './config/env.ts';
export { envHelp } from './config/env-help.ts';
export { QUEUE_ENV } from './config/queue-env.ts';
export { type FileContent, readRegularFile } from './config/read-regular-file.ts';
export type {
  BackendHealth,
  ConsumerGroup,
  GroupHealth,
  PublishOptions,
  PublishPayload,
  QueueBackend,
  QueueBackendClass,
  QueueBackendConfig,
  QueueKey,
  QueuePayload,
} from './contract/backend.ts';
export type { BackendCapabilities } from './contract/capabilities.ts';
export type { DeadLetter, DeadLetterBatch, DeadLetters } from './contract/dead-letters.ts';
export type { DedupeClaim, DedupeStore, OpenDedupeStore, SharedDedupeStore } from './contract/dedupe-store.ts';
export { type EncodedPayload, payloadOf } from './contract/encoded-payload.ts';
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
} from './contract/errors.ts';
export type {
  IdempotencyRecord,
  IdempotencyStore,
  OpenIdempotencyStore,
  SharedIdempotencyStore,
} from './contract/idempotency-store.ts';
export { isBackendPlugin } from './contract/is-backend-plugin.ts';
export { isQueueBackend } from './contract/is-queue-backend.ts';
export type { JsonObject, JsonValue } from './contract/json.ts';
export { assertGroup, assertKey, type KeySettings, readKeySettings, routeKey } from './contract/keys.ts';
export { type Logger, type LogMethod, silentLogger } from './contract/logger.ts';
export type { DeadLetterReason, MessageMetadata, QueueMessage } from './contract/message.ts';
export type { BackendPlugin, EnvVar, PluginFacets } from './contract/plugin.ts';
export type { ConsumeOptions, Subscription } from './contract/subscription.ts';
export type { OpenTaskQueues, TaskQueues } from './contract/task-queues.ts';
export type { Worker, WorkerHealth } from './contract/worker.ts';
export {
  type ComponentCheck,
  type ComponentHealth,
  createHealthReporter,
  type HealthReport,
  type HealthReporterOptions,
} from './health/health-report.ts';
export { type ErrorDescription, errorBody } from './http/error-body.ts';
export { isLoopback } from './http/is-loopback.ts';
export { type BackendListing, listBackends } from './loading/list-backends.ts';
export { type LoadBackendOptions, type LoadedBackend, loadBackend } from './loading/load-backend.ts';
export { type LoadDedupeStoreOptions, loadDedupeStore } from './loading/load-dedupe-store.ts';
export { type LoadIdempotencyStoreOptions, loadIdempotencyStore } from './loading/load-idempotency-store.ts';
export { type LoadedTaskQueues, type LoadTaskQueuesOptions, loadTaskQueues } from './loading/load-task-queues.ts';
export { type LoadedWorkerModule, type LoadWorkerOptions, loadWorkerModule } from './loading/load-worker-module.ts';
export { nearestName } from './loading/nearest-name.ts';
export type { DiscoveryOptions } from './loading/places.ts';
export { warnIfNotStarted } from './loading/warn-if-not-started.ts';
export {
  createMetrics,
  type GaugeValue,
  type Metrics,
  type MetricValue,
  type PromClient,
} from './metrics/create-metrics.ts';
export { METRICS, type MetricDefinition, type MetricKey, type MetricLabels } from './metrics/metric-definitions.ts';
export { addQueueMetrics } from './metrics/queue-metrics.ts';
export {
  addWorkerMetrics,
  DUPLICATE_CHANNEL,
  HANDLED_CHANNEL,
  type HandledMessage,
  type WorkerMetricsOptions,
} from './metrics/worker-metrics.ts';
export { encodedPayload } from './publishing/encoded-payload.ts';
export { decodePayload, encodePayload } from './publishing/payload.ts';
export { type BackoffOptions, backoffDelay } from './retry/backoff.ts';
export { escapeControls } from './text/escape-controls.ts';
export { formatText } from './text/format-text.ts';
export { redactSecrets } from './text/redact-secrets.ts';
export { redactUrl } from './text/redact-url.ts';
