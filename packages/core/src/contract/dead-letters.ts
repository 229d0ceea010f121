import type { QueueKey } from './queue-key.ts';
import type { QueuePayload } from './queue-payload.ts';

/** A parked message. A dead letter has a `payload`, or `raw` if its bytes could not be decoded. */
export interface DeadLetter {
  /**
   * Identifies the dead letter in `redrive` and `purge`. The id is unique within the group, across all keys of the
   * group.
   */
  readonly id: string;
  readonly messageId: string;
  readonly key: QueueKey;
  readonly group: string;
  readonly payload?: QueuePayload;
  /** The body exactly as stored at the broker. Other fields of the stored entry are in `headers`. */
  readonly raw?: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly orderingKey?: string;
  /** When the message was published, in milliseconds since the epoch. */
  readonly timestamp: number;
  /** When the message was parked, in milliseconds since the epoch. */
  readonly deadLetteredAt: number;
  /** How often consumers of the group called `nack` before the message was parked. */
  readonly retryCount: number;
  readonly reason: { readonly code?: string; readonly name?: string; readonly message?: string };
}

/** A batch of a group's dead letters, as {@link DeadLetters.scan} passes it to its callback. */
export interface DeadLetterBatch {
  readonly items: readonly DeadLetter[];
  /** Redrives dead letters of this batch, as `DeadLetters.redrive` does. Ignores ids that are not in the batch. */
  redrive(ids: readonly string[]): Promise<number>;
  /** Deletes dead letters of this batch. Ignores ids that are not in the batch. */
  purge(ids: readonly string[]): Promise<number>;
}

/** The dead letters of one group, across one or more keys. */
export interface DeadLetters {
  /**
   * Lists dead letters, oldest first. `limit` defaults to 100. To get the next page, pass the returned `cursor`; the
   * last page has no `cursor`.
   */
  list(options?: { limit?: number; cursor?: string }): Promise<{ items: DeadLetter[]; cursor?: string }>;
  /**
   * Delivers dead letters to this group again, with the same `messageId` and a `retryCount` of 0. Only this group
   * receives the redriven messages, and deduplication does not drop them. Resolves with the number of redriven
   * messages. Ignores ids without a dead letter.
   */
  redrive(ids: readonly string[] | 'all'): Promise<number>;
  /** Deletes dead letters. Resolves with the number of deleted messages. */
  purge(ids: readonly string[] | 'all'): Promise<number>;
  /**
   * Passes each dead letter to `onBatch` once, roughly oldest first, until `onBatch` resolves with `false`. Optional:
   * for backends whose `list` has to read all dead letters for each page, so that a job reads them only once.
   *
   * @param options - `size` is the maximum number of dead letters in a batch, 100 by default
   * @throws the error of `onBatch`
   */
  scan?(onBatch: (batch: DeadLetterBatch) => Promise<boolean>, options?: { size?: number }): Promise<void>;
}
