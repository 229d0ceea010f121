export type { AckBatchOptions } from './delivery/ack-batcher.ts';
export { createSubscription, type SubscriptionSettings } from './delivery/create-subscription.ts';
export type { Delivery, DeliverySink, DeliverySource } from './delivery/delivery-source.ts';
export {
  type ConsumeDefaults,
  type ResolvedConsumeOptions,
  resolveConsumeOptions,
} from './delivery/resolve-consume-options.ts';
export { checkHeaders, WIRE_HEADERS } from './publishing/headers.ts';
export { decodePayload, encodePayload } from './publishing/payload.ts';
export { type PublishLimits, type ResolvedPublish, resolvePublish } from './publishing/resolve-publish.ts';
export { type BackoffOptions, backoffDelay } from './retry/backoff.ts';
