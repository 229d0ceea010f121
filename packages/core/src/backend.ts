export type { AckBatchOptions } from './delivery/ack-batcher.ts';
export { createSubscription } from './delivery/create-subscription.ts';
export { Credits } from './delivery/credits.ts';
export type { Delivery, DeliverySink, DeliverySource, SettleAttempt } from './delivery/delivery-source.ts';
export { DueQueue } from './delivery/due-queue.ts';
export { MinHeap } from './delivery/min-heap.ts';
export {
  type ConsumeDefaults,
  type ResolvedConsumeOptions,
  resolveConsumeOptions,
} from './delivery/resolve-consume-options.ts';
export type { BackendSubscription, SubscriptionSettings } from './delivery/subscription-settings.ts';
export { BackendLifecycle, type BackendLifecycleOptions } from './lifecycle/backend-lifecycle.ts';
export { createPublisher } from './publishing/create-publisher.ts';
export { checkHeaders, WIRE_HEADERS } from './publishing/headers.ts';
export { decodePayload, encodePayload } from './publishing/payload.ts';
export type {
  ImmediateTarget,
  OutgoingMessage,
  PublishOutcome,
  PublishReport,
  PublishTarget,
} from './publishing/publish-target.ts';
export type { Publisher, PublisherSettings } from './publishing/publisher.ts';
export { type PublishLimits, type ResolvedPublish, resolvePublish } from './publishing/resolve-publish.ts';
export { type BackoffOptions, backoffDelay } from './retry/backoff.ts';
export { pause } from './retry/pause.ts';
export { type RetryOptions, retryDelay, retryUntil } from './retry/retry-until.ts';
