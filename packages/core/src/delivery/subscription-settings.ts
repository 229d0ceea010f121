import type { QueuePayload } from '../contract/backend.ts';
import { type Logger, silentLogger } from '../contract/logger.ts';
import type { Subscription } from '../contract/subscription.ts';
import type { AckBatchOptions } from './ack-batcher.ts';

/** Settings of `createSubscription`. */
export interface SubscriptionSettings {
  /** The logger. Default: logs nothing. */
  logger?: Logger;
  ackBatch?: AckBatchOptions;
  /** Maximum time in milliseconds that a caller waits for a settlement. Default 30000. */
  timeoutMs?: number;
  /**
   * Milliseconds before the first retry of a settlement. The delay grows with each attempt, to at most 2 seconds.
   * Default 100.
   */
  retryDelayMs?: number;
  /** Maximum number of pending settlements. Reading pauses while this many settlements are pending. Default 1000. */
  maxSettling?: number;
  /**
   * Number of deliveries without a settlement after which a message is parked, because its consumers died or lost it.
   * After the second delivery without a settlement, the message is delivered alone. Default 25.
   */
  maxDeliveries?: number;
  /** Maximum time in milliseconds that delivery stops for a message that must be delivered alone. Default 30000. */
  isolationMs?: number;
  /** Called once, after the subscription has left the broker. */
  onClosed?: () => void;
}

/** A subscription with additional members for its backend. */
export interface BackendSubscription<P extends QueuePayload = QueuePayload> extends Subscription<P> {
  /** Number of settlements that are retried because the broker refused or did not answer them. For `health()`. */
  readonly unsettled: number;
}

/** {@link SubscriptionSettings} with all defaults applied. */
export type ResolvedSettings = Required<Omit<SubscriptionSettings, 'onClosed'>> &
  Pick<SubscriptionSettings, 'onClosed'>;

export function resolveSettings(settings: SubscriptionSettings): ResolvedSettings {
  return {
    logger: silentLogger,
    ackBatch: {},
    timeoutMs: 30_000,
    retryDelayMs: 100,
    maxSettling: 1_000,
    maxDeliveries: 25,
    isolationMs: 30_000,
    ...settings,
  };
}
