import type { QueuePayload } from '../contract/backend.ts';
import type { Delivery, DeliverySource } from './delivery-source.ts';
import { DeliverySubscription } from './delivery-subscription.ts';
import type { ResolvedConsumeOptions } from './resolve-consume-options.ts';
import { type BackendSubscription, resolveSettings, type SubscriptionSettings } from './subscription-settings.ts';

/**
 * Creates a subscription that reads from `source`. The subscription implements the settlements, prefetch, cancellation
 * and draining of the contract. Opens the source immediately, unless the signal is already aborted.
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
