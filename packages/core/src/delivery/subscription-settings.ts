import type { QueuePayload } from '../contract/backend.ts';
import { type Logger, silentLogger } from '../contract/logger.ts';
import type { Subscription } from '../contract/subscription.ts';
import type { AckBatchOptions } from './ack-batcher.ts';

/** Settings of `createSubscription`. */
export interface SubscriptionSettings {
  /** Default: logs nothing. */
  logger?: Logger;
  ackBatch?: AckBatchOptions;
  /** Milliseconds that a caller waits for a settlement before its promise rejects. Default 30000. */
  timeoutMs?: number;
  /** Milliseconds before a settlement is tried again the first time; grows to 2 seconds. Default 100. */
  retryDelayMs?: number;
  /** Most settlements under way: nothing more is read beyond it. Default 1000. */
  maxSettling?: number;
  /**
   * Deliveries without an outcome (the consumer died or lost the message) after which a message is parked; from the
   * second one on it is handed out alone. Default 25.
   */
  maxDeliveries?: number;
  /** Milliseconds that delivery stops at most for a message that is to be handed out alone. Default 30000. */
  isolationMs?: number;
  /** Called once, when the subscription has left the broker. */
  onClosed?: () => void;
}

/** A subscription as its backend sees it. */
export interface BackendSubscription<P extends QueuePayload = QueuePayload> extends Subscription<P> {
  /** Settlements that the broker refused or did not answer, and that are tried again: for `health()`. */
  readonly unsettled: number;
}

/** The settings with everything decided. */
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
