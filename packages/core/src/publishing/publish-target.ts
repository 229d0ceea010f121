import type { QueueError } from '../contract/errors.ts';
import type { ResolvedPublish } from './resolve-publish.ts';

/** A message on its way to the broker. The object stays the same however often the message is sent. */
export interface OutgoingMessage {
  readonly message: ResolvedPublish;
  /** Its place in the order of this publisher's messages, from 1. Within a lane, batches follow this order. */
  readonly sequence: number;
  /** How often it was sent before. */
  readonly attempts: number;
}

/** What became of one message. */
export type PublishOutcome =
  /** The broker has it. */
  | { readonly status: 'stored' }
  /**
   * The broker does not have it. With `retry` it is sent again before later messages of its ordering key; without, the
   * caller gets `error`.
   */
  | { readonly status: 'refused'; readonly error: QueueError; readonly retry: boolean }
  /** The answer did not come: it is sent again, with the same identity, unless `error` says that this cannot help. */
  | { readonly status: 'unknown'; readonly error: QueueError }
  /** Not tried, because an earlier batch of its lane was not stored: it is sent again behind that one. */
  | { readonly status: 'skipped' };

/** Reports the outcome of the message at `index` of a batch, before the others are known. The first report counts. */
export type PublishReport = (index: number, outcome: PublishOutcome) => void;

/**
 * The broker's side of publishing: all that a backend has to write. {@link createPublisher} does everything else that
 * the contract says of `publish`, once for all backends.
 */
export interface PublishTarget {
  /**
   * The lane a message takes at the moment: what it is stored through, such as a partition's leader, a node or a
   * channel. Lanes do not wait for each other. All messages of one ordering key take the same lane at a time. It may
   * change with the broker's topology: it is asked again after each failure. Must not throw.
   */
  laneOf(message: ResolvedPublish): string;
  /**
   * Makes a lane ready, before messages are taken for it; `undefined` when it is. Rejects when one attempt to connect
   * failed: with a retryable error it is called again after a pause, with another one the waiting messages are rejected.
   */
  connect?(lane: string): Promise<void> | undefined;
  /**
   * Sends a batch, in order. Resolves with the outcome of every message that `report` was not called for. A rejection
   * means that their outcome is unknown. Must settle within the backend's own time limits.
   */
  send(lane: string, batch: readonly OutgoingMessage[], report: PublishReport): Promise<PublishOutcome>;
  /**
   * Batches of one lane that may be under way at a time. Default 1. More only where the broker stores nothing of a
   * batch while one before it is not stored, or where {@link storesPastGaps} says that it does.
   */
  readonly depth?: number;
  /**
   * Whether the broker may store a message of a lane although it did not store one before it. Of each ordering key one
   * message is then under way at a time. Default false.
   */
  readonly storesPastGaps?: boolean;
  /** Most messages in a batch. Default 64. */
  readonly maxBatch?: number;
  /** Largest size of a batch, as {@link sizeOf} counts; a message that is larger travels alone. Default 1048576. */
  readonly maxBatchSize?: number;
  /** The size of a message on the wire. Default: the characters of its text. */
  sizeOf?(message: ResolvedPublish): number;
}

/** A target that stores in place, without a broker to wait for. */
export interface ImmediateTarget {
  /**
   * Stores a message.
   *
   * @throws QueueError - it was not stored
   */
  store(message: ResolvedPublish): void;
}
