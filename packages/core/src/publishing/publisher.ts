import type { PublishOptions, PublishPayload, QueueKey } from '../contract/backend.ts';
import type { Logger } from '../contract/logger.ts';
import type { PublishLimits } from './resolve-publish.ts';

/** The publishing side of a backend. */
export interface Publisher {
  /** As `QueueBackend.publish`. */
  publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void>;
  /**
   * Refuses further messages and resolves once every message that was published before is settled.
   *
   * @param timeoutMs - what is not settled by then is rejected
   */
  close(timeoutMs: number): Promise<void>;
}

/** Settings of {@link createPublisher}. */
export interface PublisherSettings extends PublishLimits {
  /** The broker's name in errors, as in `Redis`. */
  readonly broker: string;
  /** Where the broker is, for errors: without credentials. */
  readonly endpoint?: string | undefined;
  /** Default: logs nothing. */
  readonly logger?: Logger;
  /** Milliseconds before the first repetition; grows to 2 s. Default 100. */
  readonly retryDelayMs?: number;
  /** Most repetitions of one message within its time. Default: as many as fit. */
  readonly maxRetries?: number;
  /** Most messages under way at the broker, over all lanes. Default 8192. */
  readonly maxUnderWay?: number;
  /** Most of their {@link PublishTarget.sizeOf} under way, over all lanes. Default 67108864 (64 MiB). */
  readonly maxUnderWaySize?: number;
}
