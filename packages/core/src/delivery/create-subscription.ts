import type { QueuePayload } from '../contract/backend.ts';
import type { Delivery, DeliverySource } from './delivery-source.ts';
import { DeliverySubscription } from './delivery-subscription.ts';
import type { ResolvedConsumeOptions } from './resolve-consume-options.ts';
import { type BackendSubscription, resolveSettings, type SubscriptionSettings } from './subscription-settings.ts';

/**
 * A subscription over `source`: acks, prefetch, cancellation and draining as the contract has them. It opens the source
 * at once, unless the signal is aborted already.
 */
export function createSubscription<D extends Delivery, P extends QueuePayload = QueuePayload>(
  source: DeliverySource<D>,
  options: ResolvedConsumeOptions,
  settings: SubscriptionSettings = {},
): BackendSubscription<P> {
  const subscription = new DeliverySubscription(source, options, resolveSettings(settings));
  subscription.start();
  return subscription as BackendSubscription as BackendSubscription<P>;
}
