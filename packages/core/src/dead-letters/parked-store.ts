import type { DeadLetter } from '../contract/dead-letters.ts';
import type { QueueError } from '../contract/errors.ts';
import type { QueueKey } from '../contract/queue-key.ts';

/** A parked message as a broker stores it. */
export interface Parked {
  /** The position of the message among the parked messages of its key, for example an offset. Unique within the key. */
  readonly position: string;
}

/** The content of a parked message. */
export interface ParkedContent extends Omit<DeadLetter, 'id' | 'key' | 'group' | 'payload' | 'raw'> {
  /** The bytes or the text of the payload. `undefined` if no payload is stored. */
  readonly body: string | Uint8Array | undefined;
}

/**
 * The parked messages of one group at a broker, separate for each key. For dead letters, a backend implements only this
 * interface; {@link createDeadLetters} implements the rest of the contract for all backends.
 */
export interface ParkedStore<P extends Parked = Parked> {
  /** Whether a text has the form of a position. */
  isPosition(text: string): boolean;
  /**
   * Returns a negative number if the message at `a` was parked before the message at `b`. Also compares positions of
   * different keys.
   */
  comparePositions(a: string, b: string): number;
  /**
   * Reads up to `limit` messages of a key, oldest first. Begins at position `from`, or at the oldest message if `from`
   * is undefined.
   */
  read(key: QueueKey, from: string | undefined, limit: number): Promise<readonly P[]>;
  /** Resolves with the last position of a key, or with `undefined` if no message of the key is parked. */
  newest(key: QueueKey): Promise<string | undefined>;
  /** Returns the content of a message. Never throws, even if another program wrote the message. */
  describe(parked: P): ParkedContent;
  /**
   * Delivers messages to the group again, with a `retryCount` of 0. Resolves with the number of redriven messages.
   * Ignores positions without a message.
   */
  redrive(key: QueueKey, positions: readonly string[]): Promise<number>;
  /** Deletes messages. Resolves with the number of deleted messages. Ignores positions without a message. */
  purge(key: QueueKey, positions: readonly string[]): Promise<number>;
  /**
   * Converts an error that another method of the store threw. Default: rethrows the error unchanged.
   *
   * @param doing - the operation, for example `purging dead letters of orders under slack_events`
   */
  failed?(cause: unknown, doing: string): QueueError;
}
