import { setImmediate } from 'node:timers';
import { isQueueError } from '../contract/errors.ts';
import { type Logger, silentLogger } from '../contract/logger.ts';
import type { QueueMessage } from '../contract/message.ts';
import { DeliveredMessage } from './delivered-message.ts';
import type { Delivery, DeliverySource } from './delivery-source.ts';
import { Deque } from './deque.ts';
import type { Isolation } from './isolation.ts';
import { type MessageOwner, Settlement } from './settlement.ts';

/** The result of `next()` of a subscription. */
export type Result = IteratorResult<QueueMessage, undefined>;

/**
 * Maximum number of messages that a consumer receives per turn of the event loop. Without a limit, a consumer that
 * never waits would block timers and sockets.
 */
const MESSAGES_PER_TURN = 512;
/**
 * Milliseconds in flight after which a delivery is recorded as begun. Most messages are settled earlier and need no
 * record.
 */
const BEGUN_AFTER_MS = 10;

/** The part of a subscription that {@link HandOut} uses. */
export interface HandOutHost<D extends Delivery> {
  readonly owner: MessageOwner<D>;
  /** Whether reading has stopped, so that the consumer receives no more messages. */
  isStopped(): boolean;
  /** Ends the iteration. */
  conclude(): Promise<Result>;
  /** Returns to the broker a delivery that the consumer did not receive. */
  giveBack(delivery: D): void;
  /** Sends the pending settlements and returns their number. */
  settling(): number;
  /** Called when a slot became free or a caller of `next()` waits. */
  onChange(): void;
}

/** Passes buffered deliveries to the callers of `next()` and keeps track of the messages in flight. */
export class HandOut<D extends Delivery> {
  readonly #source: DeliverySource<D>;
  readonly #isolation: Isolation;
  readonly #logger: Logger;
  readonly #host: HandOutHost<D>;
  readonly #buffer = new Deque<D>();
  readonly #waiting = new Deque<PromiseWithResolvers<Result>>();
  readonly #inFlight = new Map<D, Settlement<D>>();
  /** Interrupted deliveries that `begin` of the source is currently counting. */
  readonly #beginning = new Set<D>();
  /** Buffered deliveries that the consumer must receive alone, because they may have killed a consumer. */
  readonly #suspects = new Set<D>();
  /** Messages in flight that are not yet counted at the broker. */
  #fresh: Settlement<D>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #count = 0;

  constructor(source: DeliverySource<D>, isolation: Isolation, logger: Logger, host: HandOutHost<D>) {
    this.#source = source;
    this.#isolation = isolation;
    this.#logger = logger;
    this.#host = host;
  }

  get buffered(): number {
    return this.#buffer.length;
  }

  /** Number of messages that the consumer has received, or is about to receive, and has not settled. */
  get inFlight(): number {
    return this.#inFlight.size + this.#beginning.size;
  }

  /** The settlements of the messages that the consumer has received and not settled. */
  get settlements(): Iterable<Settlement<D>> {
    return this.#inFlight.values();
  }

  push(delivery: D): void {
    if (delivery.metadata.group !== undefined && this.#isolation.suspects(delivery.metadata)) {
      this.#suspects.add(delivery);
    }
    this.#buffer.push(delivery);
    if (this.#waiting.length > 0) this.serve();
  }

  /** Resolves with the next message, or with `done` at the end of the iteration. */
  take(): Promise<Result> {
    const delivery = this.#waiting.length === 0 ? this.#admit() : undefined;
    if (delivery !== undefined) return this.#handOut(delivery, false);
    if (this.#host.isStopped()) return this.#host.conclude();
    const waiter = Promise.withResolvers<Result>();
    this.#waiting.push(waiter);
    this.#host.onChange();
    return waiter.promise;
  }

  /** Passes buffered messages to waiting callers. */
  serve(): void {
    while (this.#waiting.length > 0) {
      const delivery = this.#admit();
      if (delivery === undefined) return;
      this.#waiting.shift()?.resolve(this.#handOut(delivery, true));
    }
  }

  /** Removes a message after the consumer has called a settlement. */
  settle({ delivery }: Settlement<D>): void {
    this.#inFlight.delete(delivery);
  }

  /** Removes a delivery whose lease is lost. Returns whether the delivery was buffered or in flight. */
  revoke(delivery: D): boolean {
    this.#suspects.delete(delivery);
    this.#inFlight.get(delivery)?.lose();
    return this.#inFlight.delete(delivery) || this.#beginning.delete(delivery) || this.#buffer.remove(delivery);
  }

  /** Takes back a delivery that is still in the buffer. Returns whether the delivery was still in the buffer. */
  recall(delivery: D): boolean {
    if (!this.#buffer.remove(delivery)) return false;
    this.#suspects.delete(delivery);
    return true;
  }

  /** Removes and returns the buffered deliveries. */
  drain(): D[] {
    this.#isolation.clear();
    this.#suspects.clear();
    return this.#buffer.drain();
  }

  /** Ends the iteration for waiting callers. */
  end(): void {
    for (const waiter of this.#waiting.drain()) waiter.resolve(this.take());
  }

  /** Takes the messages in flight away from the consumer and returns their deliveries. */
  abandon(): D[] {
    clearTimeout(this.#timer);
    const deliveries = [...this.#inFlight.keys()];
    for (const settlement of this.#inFlight.values()) settlement.lose();
    this.#inFlight.clear();
    return deliveries;
  }

  /** Removes and returns the next buffered delivery if the consumer may receive it now. */
  #admit(): D | undefined {
    if (this.#suspects.size === 0 && this.#isolation.isIdle) return this.#buffer.shift();
    const delivery = this.#buffer.at(0);
    if (delivery === undefined) return undefined;
    const suspect = this.#suspects.has(delivery);
    const others = suspect ? this.#host.settling() : 0;
    if (!this.#isolation.admits(suspect, this.inFlight, others)) return undefined;
    if (this.#suspects.delete(delivery)) this.#isolation.enter();
    return this.#buffer.shift();
  }

  /** @param idle - whether the consumer was waiting */
  #handOut(delivery: D, idle: boolean): Promise<Result> {
    const { begin } = this.#source;
    if (delivery.interrupted === true && begin !== undefined) return this.#beginAndHandOut(delivery);
    const settlement = new Settlement(delivery, this.#host.owner);
    const message = this.#message(settlement);
    if (begin !== undefined) {
      this.#fresh.push(settlement);
      // Before the consumer receives the message, but after the other messages of its batch have arrived.
      if (idle) queueMicrotask(() => this.#beginIdle());
      else this.#beginSoon();
    }
    const result: Result = { done: false, value: message };
    if (this.#count % MESSAGES_PER_TURN !== 0) return Promise.resolve(result);
    return new Promise((resolve) => setImmediate(resolve, result));
  }

  #message(settlement: Settlement<D>): DeliveredMessage<D> {
    const message = new DeliveredMessage(settlement);
    this.#inFlight.set(settlement.delivery, settlement);
    this.#count += 1;
    if (this.#logger !== silentLogger) {
      const { key, group, messageId, retryCount, deliveryCount } = message.metadata;
      this.#logger.debug({ key, group, messageId, retryCount, deliveryCount }, 'queue_message_delivered');
    }
    return message;
  }

  async #beginAndHandOut(delivery: D): Promise<Result> {
    this.#beginning.add(delivery);
    // If this message kills the consumer, those acked before it must not count as lost.
    this.#host.settling();
    let counted = true;
    try {
      await this.#source.begin?.([delivery]);
    } catch (err) {
      counted = false;
      this.#logger.warn({ err }, 'queue_begin_failed');
      // It belongs to another consumer: there is nothing to return.
      if (isQueueError(err, 'ERR_QUEUE_LEASE_LOST')) this.#beginning.delete(delivery);
    }
    const ours = this.#beginning.has(delivery);
    if (ours && (!counted || this.#host.isStopped())) this.#host.giveBack(delivery);
    this.#beginning.delete(delivery);
    if (ours && counted && !this.#host.isStopped()) {
      return { done: false, value: this.#message(new Settlement(delivery, this.#host.owner)) };
    }
    this.#host.onChange();
    return this.take();
  }

  /** Counts a delivery immediately if no other message is waiting, so that the count survives a crash. */
  #beginIdle(): void {
    if (this.#buffer.length === 0) void this.#beginFresh();
    else this.#beginSoon();
  }

  #beginSoon(): void {
    this.#timer ??= setTimeout(() => void this.#beginFresh(), BEGUN_AFTER_MS);
  }

  async #beginFresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const begun = this.#fresh.filter(({ isInFlight }) => isInFlight);
    this.#fresh = [];
    if (begun.length === 0) return;
    try {
      await this.#source.begin?.(begun.map(({ delivery }) => delivery));
    } catch (err) {
      this.#logger.debug({ err }, 'queue_begin_failed');
    }
  }
}
