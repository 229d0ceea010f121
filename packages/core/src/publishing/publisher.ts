import type { PublishOptions, PublishPayload, QueueKey } from '../contract/backend.ts';
import type { Logger } from '../contract/logger.ts';
import type { PublishLimits, ResolvedPublish } from './resolve-publish.ts';

/** Publishes the messages of a backend. */
export interface Publisher {
  /** Implements `QueueBackend.publish`. */
  publish(key: QueueKey, payload: PublishPayload, options?: PublishOptions): Promise<void>;
  /** Publishes a message that needs no validation, for example a message that the backend stores again for a retry. */
  send(message: ResolvedPublish): Promise<void>;
  /**
   * Refuses further messages and resolves once all earlier messages are settled.
   *
   * @param timeoutMs - milliseconds after which the remaining messages are rejected
   */
  close(timeoutMs: number): Promise<void>;
}

/** Settings of {@link createPublisher}. */
export interface PublisherSettings extends PublishLimits {
  /** The name of the broker in errors, for example `Redis`. */
  readonly broker: string;
  /** The address of the broker in errors, without credentials. */
  readonly endpoint?: string | undefined;
  /** The logger. Default: logs nothing. */
  readonly logger?: Logger;
  /** Milliseconds before the first retry. The delay grows with each attempt, to at most 2 seconds. Default 100. */
  readonly retryDelayMs?: number;
  /** Maximum number of retries of one message before its timeout. Default: no limit. */
  readonly maxRetries?: number;
  /** Maximum number of messages in flight across all lanes. Default 8192. */
  readonly maxUnderWay?: number;
  /** Maximum total size of the messages in flight, as counted by `PublishTarget.sizeOf`. Default 67108864 (64 MiB). */
  readonly maxUnderWaySize?: number;
}
