import type { QueueError } from '../contract/errors.ts';
import type { ResolvedPublish } from './resolve-publish.ts';

/** A message to send. The publisher passes the same object when it sends the message again. */
export interface OutgoingMessage {
  readonly message: ResolvedPublish;
  /**
   * The position of the message among all messages of this publisher, counted from 1. A lane sends messages in the
   * order of their sequence numbers.
   */
  readonly sequence: number;
  /** How often the message was sent before. */
  readonly attempts: number;
}

/** The outcome of sending one message. */
export type PublishOutcome =
  /** The broker has stored the message. */
  | { readonly status: 'stored' }
  /**
   * The broker has not stored the message. If `retry` is true, the publisher sends the message again before later
   * messages with the same ordering key; if not, the caller receives `error`.
   */
  | { readonly status: 'refused'; readonly error: QueueError; readonly retry: boolean }
  /**
   * The broker did not answer. The publisher sends the message again with the same `messageId`, unless `error` is not
   * retryable.
   */
  | { readonly status: 'unknown'; readonly error: QueueError }
  /**
   * The message was not sent, because an earlier batch of its lane was not stored. The publisher sends the message
   * after that batch.
   */
  | { readonly status: 'skipped' };

/**
 * Reports the outcome of the message at `index` of a batch before all outcomes are known. Only the first report for a
 * message counts.
 */
export type PublishReport = (index: number, outcome: PublishOutcome) => void;

/**
 * The interface between a publisher and the broker. To publish messages, a backend implements only this interface;
 * {@link createPublisher} implements the rest of the contract for all backends.
 */
export interface PublishTarget {
  /**
   * Returns the current lane of a message: the part of the broker that stores it, for example the leader of a
   * partition, a node or a channel. Lanes do not wait for each other. At any time, all messages of an ordering key must
   * use the same lane. The lane may change with the topology of the broker: the publisher calls `laneOf` again after
   * each failure. Must not throw.
   */
  laneOf(message: ResolvedPublish): string;
  /**
   * Prepares a lane before messages are sent on it. Returns `undefined` if the lane is ready. Rejects if an attempt to
   * connect failed. If the error is retryable, the publisher calls `connect` again after a pause; otherwise, it rejects
   * the waiting messages.
   */
  connect?(lane: string): Promise<void> | undefined;
  /**
   * Sends a batch, in order. Resolves with the outcome of all messages that were not reported with `report`. A
   * rejection means that the outcome of all unreported messages is unknown. Must settle within the time limits of the
   * backend.
   */
  send(lane: string, batch: readonly OutgoingMessage[], report: PublishReport): Promise<PublishOutcome>;
  /**
   * Maximum number of unanswered batches of one lane. Default 1. Set `depth` above 1 only if the broker stores no part
   * of a batch before all earlier batches are stored, or if you set {@link storesPastGaps}.
   */
  readonly depth?: number;
  /**
   * Whether the broker may store a message of a lane although it did not store an earlier message. If `storesPastGaps`
   * is true, the publisher sends only one message of each ordering key at a time. Default false.
   */
  readonly storesPastGaps?: boolean;
  /** Maximum number of messages in a batch. Default 64. */
  readonly maxBatch?: number;
  /**
   * Maximum size of a batch, as counted by {@link sizeOf}. A message larger than `maxBatchSize` is sent alone. Default
   * 1048576.
   */
  readonly maxBatchSize?: number;
  /** Returns the size of a message on the wire. Default: the number of characters of the payload's JSON text. */
  sizeOf?(message: ResolvedPublish): number;
}

/** A target that stores messages synchronously, without a broker. */
export interface ImmediateTarget {
  /**
   * Stores a message.
   *
   * @throws QueueError - the message was not stored
   */
  store(message: ResolvedPublish): void;
}
