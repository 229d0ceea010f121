import type { QueueKey, QueuePayload } from '@slack-mcp/core';
import type { Delivery } from '@slack-mcp/core/backend';
import { type CommitState, type Counts, type EncodedState, encodeState } from './commit-metadata.ts';
import type { IncomingRecord } from './driver/index.ts';
import { keyOf, OrderingGate } from './ordering-gate.ts';
import { decodeRetry, type Retry } from './retry-record.ts';

/** A message that is not settled. */
export interface OpenMessage {
  readonly offset: number;
  counts: Counts;
  /** The record; absent until the message is read. */
  record?: IncomingRecord;
  /** Present if the message was stored for a retry. */
  retry?: Retry | undefined;
  /** Whether a consumer that disappeared may have begun to process the message. */
  isInterrupted: boolean;
  /** Whether the current delivery is counted. */
  isBegun: boolean;
  /** The current delivery, from the moment when the subscription receives the message until it is settled. */
  delivery?: KafkaDelivery | undefined;
}

/** One delivery of a record. */
export interface KafkaDelivery extends Delivery {
  /** The payload, until the message is settled. */
  payload: QueuePayload;
  readonly tracker: PartitionTracker;
  readonly message: OpenMessage;
}

/** The topic and number of a partition, and the key it belongs to. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly key: QueueKey;
  /** Whether the topic contains the messages that are redelivered to one group. */
  readonly isAgain: boolean;
}

export interface Snapshot extends EncodedState {
  readonly prefix: number;
  /** The version of the tracker when the snapshot was taken. */
  readonly version: number;
}

const NONE: Counts = { failures: 0, losses: 0 };

/** Maximum number of records to read ahead. */
const MAX_AHEAD = 1_000;
const MAX_AHEAD_BYTES = 2 ** 20;

/** The state of one partition at a consumer: the messages that are settled, in flight, or read ahead. */
export class PartitionTracker {
  readonly place: Place;
  /** Whether the partition no longer belongs to this consumer. */
  isLost = false;
  /** Whether the partition is being given up, so that no more of its messages are delivered. */
  isLeaving = false;
  /** A number that increases with each change that the broker must store. */
  version = 0;
  /** The last version that the broker has confirmed. */
  confirmed = 0;
  /** Whether the metadata of the commit is full, so that no more messages are delivered until it has room. */
  isFull = false;
  /** The offset to read next. */
  next: number;
  /** The first offset that has neither an open nor a settled message. */
  #position: number;
  /** The offset after the last settled message. */
  #settledEnd: number;
  /** The open (unsettled) messages, in ascending order of offset. */
  readonly #open = new Map<number, OpenMessage>();
  /**
   * The offsets of open messages that have not been read yet, in ascending order. The reader has already passed the
   * first `#passed` offsets.
   */
  readonly #unread: readonly number[];
  #passed = 0;
  /** The offset below which the stored state decides whether a message is settled. */
  readonly #restoredEnd: number;
  readonly #restoredCounts: ReadonlyMap<number, Counts>;
  #window: number;
  #ahead: IncomingRecord[] = [];
  #aheadAt = 0;
  #aheadBytes = 0;
  readonly #again: OpenMessage[] = [];
  readonly #gate = new OrderingGate<OpenMessage>();
  /** Messages that were read before they were due. */
  readonly #early = new Set<OpenMessage>();
  #held = 0;
  /** Messages in flight whose handlers are so slow that the partition cannot be given up. */
  #slow: readonly OpenMessage[] = [];

  /** @param from - the first offset to read; greater than `state.prefix` if the log begins later */
  constructor(place: Place, state: CommitState, from: number = state.prefix) {
    this.place = place;
    this.#restoredEnd = state.end;
    this.#restoredCounts = new Map(state.counts);
    this.#settledEnd = Math.max(state.end, from);
    this.#window = state.window;
    this.next = from;
    this.#position = Math.max(from, state.end);
    const unread: number[] = [];
    for (const offset of state.holes) {
      if (offset < from) continue;
      this.#open.set(offset, this.#create(offset));
      unread.push(offset);
    }
    this.#unread = unread;
    if (from > state.prefix) this.version += 1;
  }

  get name(): string {
    return `${this.place.topic}/${this.place.partition}`;
  }

  /** Number of deliveries that the subscription holds. */
  get held(): number {
    return this.#held;
  }

  /** The deliveries that the subscription holds. */
  get deliveries(): KafkaDelivery[] {
    return [...this.#open.values()].map(({ delivery }) => delivery).filter((delivery) => delivery !== undefined);
  }

  get isBusy(): boolean {
    return this.#slow.length > 0;
  }

  /** Marks the partition as busy: it cannot be given up while the subscription holds one of its current deliveries. */
  markBusy(): void {
    this.#slow = this.deliveries.map(({ message }) => message);
  }

  /**
   * Removes the mark of {@link markBusy} if the marked deliveries have ended. Returns whether the mark was removed.
   */
  clearBusy(): boolean {
    if (this.#slow.length === 0 || this.#slow.some(({ delivery }) => delivery !== undefined)) return false;
    this.#slow = [];
    return true;
  }

  /** Whether the buffer has room for more records. */
  get isHungry(): boolean {
    const ahead = this.#left + this.#gate.waiting + this.#early.size;
    return !this.isLost && !this.isLeaving && ahead < MAX_AHEAD && this.#aheadBytes < MAX_AHEAD_BYTES;
  }

  /** Whether there is a message to deliver. */
  get hasMessage(): boolean {
    return !this.isLost && !this.isLeaving && (this.#again.length > 0 || (this.#left > 0 && !this.isFull));
  }

  get #left(): number {
    return this.#ahead.length - this.#aheadAt;
  }

  /** Adds records that were read, in ascending order. @param next - the offset to read next */
  append(records: readonly IncomingRecord[], next: number): void {
    if (this.#aheadAt > 0) {
      this.#ahead = this.#ahead.slice(this.#aheadAt);
      this.#aheadAt = 0;
    }
    for (const record of records) {
      if (record.offset < this.next) continue;
      this.#ahead.push(record);
      this.#aheadBytes += record.size;
    }
    this.next = Math.max(this.next, next);
  }

  /** Returns the next message to deliver, or `undefined` if there are no more messages. */
  take(): OpenMessage | undefined {
    for (let again = this.#again.shift(); again !== undefined; again = this.#again.shift()) {
      if (!this.#gate.holdBack(again)) return again;
    }
    while (this.#left > 0) {
      const record = this.#ahead[this.#aheadAt] as IncomingRecord;
      this.#aheadAt += 1;
      this.#aheadBytes -= record.size;
      const message = this.#admit(record);
      if (message !== undefined && !this.#gate.holdBack(message)) return message;
    }
    this.#aheadBytes = 0;
    return undefined;
  }

  /** Records that the subscription holds a delivery. */
  hold(message: OpenMessage, delivery: KafkaDelivery): void {
    message.delivery = delivery;
    this.#held += 1;
  }

  /** Records that the subscription no longer holds the delivery, and returns whether it held the delivery before. */
  unhold(message: OpenMessage): boolean {
    if (message.delivery === undefined) return false;
    message.delivery = undefined;
    this.#held -= 1;
    return true;
  }

  /** Marks the message as settled. */
  settle(message: OpenMessage): void {
    // The payload would stay in memory until the commit.
    if (message.delivery !== undefined) message.delivery.payload = {};
    this.unhold(message);
    if (!this.#open.delete(message.offset)) return;
    this.#settledEnd = Math.max(this.#settledEnd, message.offset + 1);
    this.version += 1;
    for (const waiting of this.#gate.open(message)) this.repeat(waiting);
  }

  /**
   * Holds back later messages of the message's ordering key until the message has been delivered again. Returns the
   * deliveries of later messages that the subscription holds.
   */
  block(message: OpenMessage): KafkaDelivery[] {
    const key = keyOf(message);
    if (key === undefined) return [];
    this.#gate.block(message);
    return this.deliveries.filter((other) => other.message.offset > message.offset && keyOf(other.message) === key);
  }

  /** Sets new counts, and whether the current delivery is counted. */
  count(message: OpenMessage, counts: Counts, isBegun: boolean): void {
    if (message.isBegun === isBegun && counts === message.counts) return;
    message.counts = counts;
    message.isBegun = isBegun;
    this.version += 1;
  }

  /** Keeps a message that is not due yet. Call `repeat` when the message is due. */
  postpone(message: OpenMessage): void {
    this.#early.add(message);
  }

  /** Adds a message that is to be delivered again, before later messages. */
  repeat(message: OpenMessage): void {
    this.#early.delete(message);
    if (!this.#open.has(message.offset)) return;
    const index = this.#again.findIndex(({ offset }) => offset > message.offset);
    this.#again.splice(index < 0 ? this.#again.length : index, 0, message);
  }

  /** Returns the state to store at the broker. */
  snapshot(window: number): Snapshot {
    let prefix = this.#position;
    for (const offset of this.#open.keys()) {
      prefix = offset;
      break;
    }
    const end = Math.max(prefix, this.#settledEnd);
    const holes: number[] = [];
    const counts: [number, Counts][] = [];
    for (const { offset, counts: own, isBegun } of this.#open.values()) {
      if (offset < end) holes.push(offset);
      const losses = own.losses + (isBegun ? 1 : 0);
      if (losses > 0 || own.failures > 0) counts.push([offset, { failures: own.failures, losses }]);
    }
    for (const [offset, own] of this.#restoredCounts) if (offset >= this.#position) counts.push([offset, own]);
    const encoded = encodeState({ prefix, holes, end, counts, window });
    this.isFull = encoded.end < end;
    return { ...encoded, prefix, version: this.version };
  }

  #create(offset: number): OpenMessage {
    const counts = this.#restoredCounts.get(offset) ?? NONE;
    const isInterrupted = this.#window > 0;
    if (isInterrupted) this.#window -= 1;
    return { offset, counts, isInterrupted, isBegun: false };
  }

  /** Creates the open message of a record. Returns `undefined` if the message is settled. */
  #admit(record: IncomingRecord): OpenMessage | undefined {
    const { offset } = record;
    this.#pass(offset);
    const isRestored = offset < this.#restoredEnd;
    const message = isRestored ? this.#open.get(offset) : this.#create(offset);
    if (message === undefined) return undefined;
    message.record = record;
    if (this.place.isAgain) message.retry = decodeRetry(record);
    if (isRestored) return message;
    this.#open.set(offset, message);
    this.#position = offset + 1;
    return message;
  }

  /** Drops unread messages before `offset`, which the log no longer contains. */
  #pass(offset: number): void {
    for (;;) {
      const unread = this.#unread[this.#passed];
      if (unread === undefined || unread > offset) return;
      this.#passed += 1;
      if (unread < offset && this.#open.get(unread)?.record === undefined) this.#open.delete(unread);
    }
  }
}
