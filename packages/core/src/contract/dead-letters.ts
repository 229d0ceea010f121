import type { QueueKey } from './queue-key.ts';
import type { QueuePayload } from './queue-payload.ts';

/** A parked message. It holds `payload`, or `raw` when its bytes could not be decoded. */
export interface DeadLetter {
  /** Names it in `redrive` and `purge`. Unique within the group, over all its keys. */
  readonly id: string;
  readonly messageId: string;
  readonly key: QueueKey;
  readonly group: string;
  readonly payload?: QueuePayload;
  /** The body as it lay at the broker. Foreign fields around it are in `headers`. */
  readonly raw?: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly orderingKey?: string;
  /** When it was published, milliseconds since the epoch. */
  readonly timestamp: number;
  /** When it was parked, milliseconds since the epoch. */
  readonly deadLetteredAt: number;
  /** How often it was redelivered before it was parked. */
  readonly retryCount: number;
  readonly reason: { readonly code?: string; readonly name?: string; readonly message?: string };
}

/** The dead letters of one group over one or several keys. */
export interface DeadLetters {
  /** Oldest first. `limit`: default 100. Pass the returned `cursor` to go on; its absence means the end. */
  list(options?: { limit?: number; cursor?: string }): Promise<{ items: DeadLetter[]; cursor?: string }>;
  /**
   * Gives them back to this group only, with the same `messageId` and `retryCount` 0; no deduplication holds them
   * back. Resolves how many were given back; ids that are not parked are passed over.
   */
  redrive(ids: readonly string[] | 'all'): Promise<number>;
  /** Deletes them. Resolves how many were deleted. */
  purge(ids: readonly string[] | 'all'): Promise<number>;
}
