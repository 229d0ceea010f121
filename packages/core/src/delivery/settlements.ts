import type { DeadLetter } from '../contract/dead-letters.ts';
import { isQueueError } from '../contract/errors.ts';
import type { Logger } from '../contract/logger.ts';
import { backoffDelay } from '../retry/backoff.ts';
import { AckBatcher, type AckBatchOptions } from './ack-batcher.ts';
import type { Delivery, DeliverySource, SettleAttempt } from './delivery-source.ts';
import type { Settlement } from './settlement.ts';

/** Maximum time in milliseconds between two attempts of a settlement. */
const MAX_RETRY_DELAY_MS = 2_000;
/** Milliseconds after which a message is delivered again if the broker refused to park it. */
const PARK_AGAIN_MS = 30_000;

/** Callbacks of the subscription. */
export interface SettlementEvents {
  /** Called when a settlement has ended. */
  onSettled(): void;
  /** Called when the broker refuses a settlement permanently. */
  onFatal(error: Error): void;
}

/** Settings for settlements. */
export interface SettlementSettings {
  readonly logger: Logger;
  readonly ackBatch: AckBatchOptions;
  /** Milliseconds before the first retry. The delay grows with each retry. */
  readonly retryDelayMs: number;
}

/** The message of a settlement. The consumer has received the message, or it is only buffered. */
type Settled<D extends Delivery> = Pick<
  Settlement<D>,
  'delivery' | 'isLost' | 'isAwaited' | 'settled' | 'delayed' | 'lose'
>;

/** One settlement at the broker, for a single delivery or a batch. */
interface Step<D extends Delivery> {
  readonly name: 'ack' | 'nack' | 'dead_letter' | 'release';
  /** The messages of the settlement, without messages whose lease was lost in the meantime. */
  messages: readonly Settled<D>[];
  readonly send: (deliveries: readonly D[], attempt: SettleAttempt) => Promise<readonly D[]>;
  repeated: boolean;
  running: boolean;
}

const NONE: readonly never[] = [];

/**
 * The pending settlements. Each settlement is retried until the broker confirms it or the lease is lost. If the lease
 * is lost, the broker delivers the message again.
 */
export class Settlements<D extends Delivery> {
  readonly #source: DeliverySource<D>;
  readonly #settings: SettlementSettings;
  readonly #events: SettlementEvents;
  readonly #acks: AckBatcher<Settlement<D>>;
  readonly #steps = new Set<Step<D>>();
  #size = 0;
  #round = 0;
  #repeating = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #problem = '';

  constructor(source: DeliverySource<D>, settings: SettlementSettings, events: SettlementEvents) {
    this.#source = source;
    this.#settings = settings;
    this.#events = events;
    this.#acks = new AckBatcher((messages) => this.#sendAcks(messages), settings.ackBatch);
  }

  /** Number of deliveries whose settlement the broker has not confirmed yet. */
  get size(): number {
    return this.#size;
  }

  /**
   * Number of unconfirmed settlements that are being repeated, because the broker refused an attempt or did not answer in
   * time.
   */
  get unsettled(): number {
    let count = 0;
    for (const { repeated, messages } of this.#steps) if (repeated) count += messages.length;
    return count;
  }

  ack(message: Settlement<D>): void {
    this.#size += 1;
    this.#acks.add(message);
  }

  /** Sends the waiting acks without waiting for a full batch. */
  hurry(): void {
    this.#acks.hurry();
  }

  /** Sends the waiting acks now. */
  flush(): void {
    this.#acks.flush();
  }

  nack(message: Settled<D>, delayMs: number): void {
    this.#begin('nack', [message], async ([delivery], attempt) => {
      await this.#source.nack(delivery as D, { delayMs }, attempt);
      return NONE;
    });
  }

  deadLetter(message: Settled<D>, reason: DeadLetter['reason']): void {
    this.#begin('dead_letter', [message], async ([delivery], attempt) => {
      await this.#source.deadLetter(delivery as D, reason, attempt);
      return NONE;
    });
  }

  release(deliveries: readonly D[], begun: boolean): void {
    for (const ours of this.#byLane(deliveries, (delivery) => delivery)) {
      this.#begin('release', ours.map(unheld), async (released, attempt) => {
        await this.#source.release(released, { begun }, attempt);
        return NONE;
      });
    }
  }

  /** Parks a delivery that the consumer did not receive. */
  park(delivery: D, reason: DeadLetter['reason']): void {
    this.deadLetter(unheld(delivery), reason);
  }

  /** Removes a delivery whose lease is lost. Returns whether the delivery was being settled. */
  revoke(delivery: D): boolean {
    for (const step of this.#steps) {
      const message = step.messages.find((other) => other.delivery === delivery);
      if (message === undefined) continue;
      step.messages = step.messages.filter((other) => other !== message);
      this.#size -= 1;
      message.lose();
      return true;
    }
    return false;
  }

  /** Retries all unconfirmed settlements now. */
  repeatNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#repeat();
  }

  /** Sends the waiting acks one last time and stops retrying. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#acks.stop();
  }

  /** Abandons the pending settlements: the broker delivers unconfirmed messages again. */
  end(): void {
    for (const step of this.#steps) for (const message of step.messages) message.lose();
    this.#steps.clear();
  }

  #sendAcks(messages: Settlement<D>[]): Promise<void> {
    const ack = (deliveries: readonly D[], attempt: SettleAttempt): Promise<readonly D[]> =>
      this.#source.ack(deliveries, attempt);
    const step = (ours: readonly Settlement<D>[]): Step<D> => ({
      ...{ name: 'ack', messages: ours, send: ack },
      ...{ repeated: false, running: false },
    });
    if (this.#source.laneOf === undefined) return this.#run(step(messages));
    const lanes = this.#byLane(messages, ({ delivery }) => delivery);
    if (lanes.length === 1) return this.#run(step(messages));
    return Promise.all(lanes.map((ours) => this.#run(step(ours)))).then(() => {});
  }

  #byLane<T>(items: readonly T[], deliveryOf: (item: T) => D): (readonly T[])[] {
    const [first] = items;
    if (first === undefined || this.#source.laneOf === undefined) return [items];
    const laneOf = (item: T): unknown => this.#source.laneOf?.(deliveryOf(item));
    const lane = laneOf(first);
    if (items.every((item) => laneOf(item) === lane)) return [items];
    return [...Map.groupBy(items, laneOf).values()];
  }

  #begin(name: Step<D>['name'], messages: readonly Settled<D>[], send: Step<D>['send']): void {
    this.#size += messages.length;
    void this.#run({ name, messages, send, repeated: false, running: false });
  }

  /** Makes one attempt. Never rejects. */
  async #run(step: Step<D>): Promise<void> {
    const { messages } = step;
    step.running = true;
    this.#steps.add(step);
    let lost: readonly D[] = NONE;
    try {
      const deliveries = messages.map(({ delivery }) => delivery);
      if (deliveries.length > 0) lost = await step.send(deliveries, { repeated: step.repeated });
    } catch (error) {
      step.running = false;
      if (isQueueError(error, 'ERR_QUEUE_LEASE_LOST')) this.#complete(step, messages, undefined, error);
      else if (isQueueError(error) && !error.retryable) this.#refuse(step, error);
      else this.#delay(step, error);
      return;
    }
    step.running = false;
    this.#complete(step, messages, lost);
  }

  /** @param lost - the deliveries whose lease was lost; `undefined` means all deliveries */
  #complete(step: Step<D>, messages: readonly Settled<D>[], lost: readonly D[] | undefined, error?: Error): void {
    let unnoticed = 0;
    for (const message of messages) {
      if (message.isLost) continue;
      if (lost !== undefined && !lost.includes(message.delivery)) {
        message.settled();
      } else {
        if (!message.isAwaited) unnoticed += 1;
        message.lose(error);
      }
    }
    if (unnoticed > 0) this.#settings.logger.warn({ messages: unnoticed }, `queue_${step.name}_lease_lost`);
    this.#end(step);
  }

  /** Retries a settlement that the broker refused temporarily or did not answer. */
  #delay(step: Step<D>, error: unknown): void {
    const { messages } = step;
    step.repeated = true;
    for (const message of messages) message.delayed(error);
    const problem = error instanceof Error ? error.message : String(error);
    if (problem !== this.#problem) {
      this.#settings.logger.warn({ err: error, messages: messages.length }, `queue_${step.name}_failed`);
    }
    this.#problem = problem;
    this.#schedule();
  }

  /** Handles a settlement that the broker refused permanently. */
  #refuse(step: Step<D>, error: Error): void {
    const { messages } = step;
    this.#settings.logger.error({ err: error, messages: messages.length }, `queue_${step.name}_refused`);
    for (const message of messages) message.lose(error);
    // The broker may refuse to park only this message.
    if (step.name === 'dead_letter') for (const { delivery } of messages) this.nack(unheld(delivery), PARK_AGAIN_MS);
    else if (step.name !== 'release') this.#events.onFatal(error);
    this.#end(step);
  }

  #end(step: Step<D>): void {
    this.#steps.delete(step);
    this.#size -= step.messages.length;
    if (step.repeated && this.unsettled === 0) {
      this.#problem = '';
      this.#settings.logger.info({}, 'queue_settlements_restored');
    }
    this.#events.onSettled();
  }

  #schedule(): void {
    if (this.#repeating || this.#stopped || this.unsettled === 0) return;
    const { retryDelayMs } = this.#settings;
    const delay = backoffDelay(this.#round, {
      initialDelayMs: retryDelayMs,
      maxDelayMs: MAX_RETRY_DELAY_MS,
      jitter: 'none',
    });
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#repeat();
    }, delay);
  }

  async #repeat(): Promise<void> {
    if (this.#repeating) return;
    this.#repeating = true;
    this.#round += 1;
    const due = [...this.#steps].filter(({ repeated, running }) => repeated && !running);
    await Promise.all(due.map((step) => this.#run(step)));
    this.#repeating = false;
    if (due.some((step) => !this.#steps.has(step))) this.#round = 0;
    this.#schedule();
  }
}

/** Wraps a delivery for a settlement that no caller waits for, because the consumer does not have the message. */
function unheld<D extends Delivery>(delivery: D): Settled<D> {
  const message = {
    delivery,
    isLost: false,
    isAwaited: false,
    settled() {},
    delayed() {},
    lose() {
      message.isLost = true;
    },
  };
  return message;
}
