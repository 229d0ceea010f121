import type { DeadLetter, QueueKey } from '@slack-mcp/core';
import { MAX_TIMER_MS, MinHeap } from '@slack-mcp/core/backend';
import { DeadLetterShelf, type ParkedMessage } from './dead-letter-shelf.ts';
import { type Counts, MemoryDelivery } from './memory-delivery.ts';
import type { MessageLog } from './message-log.ts';

/** A subscription that receives deliveries. */
export interface Member {
  /** Number of free slots. */
  readonly free: number;
  deliver(delivery: MemoryDelivery): void;
}

interface Retry {
  readonly delivery: MemoryDelivery;
  /** The earliest time of the next delivery, on the clock of `performance.now()`. */
  readonly dueAt: number;
  readonly order: number;
}

const NEW: Counts = { failures: 0, begun: 0 };

/**
 * The messages of one group and key: the messages after a position in the log, returned messages, messages in flight
 * and dead letters. An independent consumer has its own queue, without a group name.
 */
export class GroupQueue {
  readonly key: QueueKey;
  readonly group: string | undefined;
  readonly deadLetters: DeadLetterShelf = new DeadLetterShelf();
  readonly #log: MessageLog;
  readonly #onRead: (position: number) => void;
  #position: number;
  /** Messages that consumers returned without a failure. Returned messages are delivered before newer messages. */
  readonly #released = new MinHeap<MemoryDelivery>((a, b) => a.stored.offset < b.stored.offset);
  readonly #retries = new MinHeap<Retry>((a, b) => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order));
  #retryOrder = 0;
  #retriedLast = false;
  readonly #inFlight = new Set<MemoryDelivery>();
  #members: readonly Member[] = [];
  #turn = 0;
  /** Whether no member has a free slot. If true, no message is delivered until a member requests messages. */
  #saturated = true;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = 0;

  /** @param onRead - called with each new position in the log */
  constructor(
    key: QueueKey,
    group: string | undefined,
    log: MessageLog,
    position: number,
    onRead: (position: number) => void,
  ) {
    this.key = key;
    this.group = group;
    this.#log = log;
    this.#position = position;
    this.#onRead = onRead;
  }

  /** Offset of the next message that has never been delivered. */
  get position(): number {
    return this.#position;
  }

  /** Number of messages in flight: members have received them and not settled them. */
  get pending(): number {
    return this.#inFlight.size;
  }

  /** Number of messages that wait for a retry. */
  get retries(): number {
    return this.#retries.size;
  }

  /** Number of messages that have never been delivered or were returned without a failure. */
  get undelivered(): number {
    return this.#log.end - this.#position + this.#released.size;
  }

  /** Number of unsettled messages: undelivered, waiting for a retry or in flight. */
  get backlog(): number {
    return this.undelivered + this.#retries.size + this.pending;
  }

  /**
   * When the oldest unsettled message was published, in milliseconds since the epoch. Absent if all messages are
   * settled. Slow with many messages: checks every message that was delivered and not settled.
   */
  get oldest(): number | undefined {
    let oldest = this.#log.at(this.#position)?.timestamp ?? Number.POSITIVE_INFINITY;
    const see = ({ stored }: MemoryDelivery): void => {
      oldest = Math.min(oldest, stored.timestamp);
    };
    for (const delivery of this.#inFlight) see(delivery);
    for (const delivery of this.#released.values()) see(delivery);
    for (const { delivery } of this.#retries.values()) see(delivery);
    return oldest === Number.POSITIVE_INFINITY ? undefined : oldest;
  }

  /** Number of all messages kept for the group, including dead letters. */
  get kept(): number {
    return this.backlog + this.deadLetters.size;
  }

  /** Adds a member. The member then requests its first messages with `serve`. */
  attach(member: Member): void {
    this.#members = [...this.#members, member];
  }

  detach(member: Member): void {
    this.#members = this.#members.filter((other) => other !== member);
    if (this.#members.length === 0) this.#disarm();
  }

  /** Delivers messages to members with free slots, in turn. Called after a message was added. */
  wake(): void {
    if (!this.#saturated) this.#dispatch();
  }

  /** Delivers one message to a member that has a free slot. Returns false if the queue has no message. */
  serve(member: Member): boolean {
    const delivery = this.#take();
    if (delivery === undefined) {
      this.#saturated = false;
      return false;
    }
    this.#inFlight.add(delivery);
    member.deliver(delivery);
    return true;
  }

  /** Removes an acked delivery. */
  settle(delivery: MemoryDelivery): void {
    this.#inFlight.delete(delivery);
  }

  nack(delivery: MemoryDelivery, delayMs: number): void {
    this.#inFlight.delete(delivery);
    const { stored, counts } = delivery;
    const { failures, begun } = counts;
    this.#retry(new MemoryDelivery(this, stored, { failures: failures + 1, begun: begun + 1 }), delayMs);
    this.wake();
  }

  /** @param begun - whether the deliveries count */
  release(deliveries: readonly MemoryDelivery[], begun: boolean): void {
    for (const delivery of deliveries) {
      this.#inFlight.delete(delivery);
      const { stored, counts } = delivery;
      const next = begun ? { failures: counts.failures, begun: counts.begun + 1 } : counts;
      this.#released.push(new MemoryDelivery(this, stored, next));
    }
    this.wake();
  }

  park(delivery: MemoryDelivery, reason: DeadLetter['reason'], number: number): void {
    this.#inFlight.delete(delivery);
    const { stored, counts } = delivery;
    this.deadLetters.put({ number, stored, retryCount: counts.failures, deadLetteredAt: Date.now(), reason });
  }

  redrive(parked: readonly ParkedMessage[]): void {
    for (const { stored } of parked) this.#retry(new MemoryDelivery(this, stored, NEW), 0);
    this.wake();
  }

  #dispatch(): void {
    for (let full = 0; full < this.#members.length; this.#turn += 1) {
      const member = this.#members[this.#turn % this.#members.length] as Member;
      if (member.free === 0) full += 1;
      else if (this.serve(member)) full = 0;
      else return;
    }
    this.#saturated = true;
  }

  // Retries and other messages take turns, so that neither a message that fails repeatedly nor a long log delays the
  // others.
  #take(): MemoryDelivery | undefined {
    const retry = this.#dueRetry();
    if (retry !== undefined && !this.#retriedLast) {
      this.#retriedLast = true;
      this.#retries.pop();
      return retry.delivery;
    }
    this.#retriedLast = false;
    const delivery = this.#released.pop() ?? this.#read();
    if (delivery !== undefined || retry === undefined) return delivery;
    this.#retries.pop();
    return retry.delivery;
  }

  #read(): MemoryDelivery | undefined {
    const stored = this.#log.at(this.#position);
    if (stored === undefined) return undefined;
    this.#position += 1;
    this.#onRead(this.#position);
    return new MemoryDelivery(this, stored, NEW);
  }

  #retry(delivery: MemoryDelivery, delayMs: number): void {
    const order = this.#retryOrder++;
    this.#retries.push({ delivery, dueAt: delayMs === 0 ? 0 : performance.now() + delayMs, order });
  }

  /**
   * Returns the first retry if it is due, otherwise sets a timer for the first retry. Called only while the queue has
   * members.
   */
  #dueRetry(): Retry | undefined {
    const first = this.#retries.peek();
    if (first === undefined) return undefined;
    const delayMs = first.dueAt - performance.now();
    if (delayMs <= 0) return first;
    if (this.#timer === undefined || this.#timerAt !== first.dueAt) {
      this.#disarm();
      this.#timerAt = first.dueAt;
      this.#timer = setTimeout(() => this.#onTimer(), Math.min(Math.ceil(delayMs), MAX_TIMER_MS));
    }
    return undefined;
  }

  #onTimer(): void {
    this.#timer = undefined;
    this.wake();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
