export { type Address, formatAddress, parseAddresses } from './config/address.ts';
export {
  type BrokerEnv,
  type BrokerEnvOptions,
  brokerEnv,
  readBrokerEnv,
  withoutUndefined,
} from './config/broker-env.ts';
export { type BrokerScheme, type BrokerUrl, parseBrokerUrl } from './config/broker-url.ts';
export {
  type BrokerOptions,
  type QueueOptions,
  type ResolvedBrokerOptions,
  type ResolvedQueueOptions,
  resolveBrokerOptions,
  resolveQueueOptions,
} from './config/queue-options.ts';
export type { Refuse } from './config/refuse.ts';
export { assertInteger, type IntegerRange, MAX_TIMER_MS, resolveIntegers } from './config/resolve-integers.ts';
export { readAuthority, readPrivateKey } from './config/tls-authority.ts';
export { ConnectionProbe } from './connecting/connection-probe.ts';
export {
  type BrokerNames,
  certificateProblem,
  connectionLost,
  connectionProblem,
} from './connecting/connection-problem.ts';
export type { Obstacle, ProtocolProbe } from './connecting/find-obstacle.ts';
export { HandshakeError } from './connecting/handshake-error.ts';
export { createDeadLetters } from './dead-letters/create-dead-letters.ts';
export type { Parked, ParkedContent, ParkedStore } from './dead-letters/parked-store.ts';
export {
  decodeParkingRecord,
  encodeParkingRecord,
  PARKING_HEADER,
  type ParkingRecord,
} from './dead-letters/parking-record.ts';
export type { AckBatchOptions } from './delivery/ack-batcher.ts';
export { createSubscription } from './delivery/create-subscription.ts';
export { Credits } from './delivery/credits.ts';
export type { Delivery, DeliverySink, DeliverySource, SettleAttempt } from './delivery/delivery-source.ts';
export { DueQueue } from './delivery/due-queue.ts';
export { isSuspect } from './delivery/isolation.ts';
export { LocalRedelivery } from './delivery/local-redelivery.ts';
export { MinHeap } from './delivery/min-heap.ts';
export { type ReadOptions, readUntilStopped } from './delivery/read-until-stopped.ts';
export {
  type ConsumeDefaults,
  type ResolvedConsumeOptions,
  resolveConsumeOptions,
} from './delivery/resolve-consume-options.ts';
export type { BackendSubscription, SubscriptionSettings } from './delivery/subscription-settings.ts';
export { BackendLifecycle, type BackendLifecycleOptions } from './lifecycle/backend-lifecycle.ts';
export { checkHealth, type HealthCheck } from './lifecycle/check-health.ts';
export { createPublisher } from './publishing/create-publisher.ts';
export { WIRE_HEADERS } from './publishing/headers.ts';
export type {
  ImmediateTarget,
  OutgoingMessage,
  PublishOutcome,
  PublishReport,
  PublishTarget,
} from './publishing/publish-target.ts';
export type { Publisher, PublisherSettings } from './publishing/publisher.ts';
export { type PublishLimits, type ResolvedPublish, resolvePublish } from './publishing/resolve-publish.ts';
export {
  decodeMetadata,
  type EncodableMetadata,
  encodeMetadata,
  type MetadataDefaults,
  type WireMetadata,
} from './publishing/wire-metadata.ts';
export { pause } from './retry/pause.ts';
export { ProblemLog } from './retry/problem-log.ts';
export { type RetryAndLogOptions, retryAndLog } from './retry/retry-and-log.ts';
export { type RetryOptions, retryUntil } from './retry/retry-until.ts';
export {
  type ArrivalChannel,
  type ArrivalListener,
  ArrivalWatcher,
  type ArrivalWatcherSettings,
} from './task-queue/arrival-watcher.ts';
export { assertMaxSize, taskQueueFull } from './task-queue/max-size.ts';
export { decodeQueuedMessage, encodeQueuedMessage, type TaskMessage } from './task-queue/queued-message.ts';
export type { WaitOptions } from './task-queue/wait-options.ts';
