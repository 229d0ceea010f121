import type { QueuePayload } from '../contract/backend.ts';
import { type Logger, silentLogger } from '../contract/logger.ts';
import type { Subscription } from '../contract/subscription.ts';
import type { AckBatchOptions } from './ack-batcher.ts';
import type { Delivery, DeliverySource } from './delivery-source.ts';
import { DeliverySubscription } from './delivery-subscription.ts';
import type { ResolvedConsumeOptions } from './resolve-consume-options.ts';

/** Settings of {@link createSubscription}. */
export interface SubscriptionSettings {
  /** Default: {@link silentLogger}. */
  logger?: Logger;
  ackBatch?: AckBatchOptions;
  /** Called once, when the subscription has left the broker. */
  onClosed?: () => void;
}

/**
 * A subscription over `source`: acks, prefetch, cancellation and draining as the contract has them. It opens the source
 * at once, unless the signal is aborted already.
 */
export function createSubscription<D extends Delivery, P extends QueuePayload = QueuePayload>(
  source: DeliverySource<D>,
  options: ResolvedConsumeOptions,
  { logger = silentLogger, ackBatch = {}, onClosed }: SubscriptionSettings = {},
): Subscription<P> {
  const subscription = new DeliverySubscription(source, options, logger, ackBatch, onClosed);
  subscription.start();
  return subscription as Subscription as Subscription<P>;
}
