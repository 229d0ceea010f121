import type { Logger } from '../contract/logger.ts';
import { AckBatch } from './ack-batch.ts';

/** How acks are put together. */
export interface AckBatchOptions {
  /** Sent when there are so many. Default 100. */
  maxCount?: number;
  /** Milliseconds after which a smaller batch is sent. Default 5. */
  maxDelayMs?: number;
}

/**
 * Collects acks and sends them a batch at a time. An implicit ack waits for the batch to fill or for the delay; an
 * explicit one is sent at once, or as soon as the batch before it has come back.
 */
export class AckBatcher<D> {
  readonly #send: (deliveries: readonly D[]) => Promise<readonly D[]>;
  readonly #settled: () => void;
  readonly #logger: Logger;
  readonly #maxCount: number;
  readonly #maxDelayMs: number;
  #batch = new AckBatch<D>();
  #inFlight = 0;
  #batchesInFlight = 0;
  #urgent = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param send - acks at the broker; resolves those whose lease was lost
   * @param settled - called after each batch
   */
  constructor(
    send: (deliveries: readonly D[]) => Promise<readonly D[]>,
    settled: () => void,
    logger: Logger,
    { maxCount = 100, maxDelayMs = 5 }: AckBatchOptions,
  ) {
    this.#send = send;
    this.#settled = settled;
    this.#logger = logger;
    this.#maxCount = maxCount;
    this.#maxDelayMs = maxDelayMs;
  }

  /** How many the broker does not have yet. */
  get size(): number {
    return this.#batch.deliveries.length + this.#inFlight;
  }

  /** An ack that nobody awaits. */
  add(delivery: D): AckBatch<D> {
    const batch = this.#batch;
    if (batch.deliveries.push(delivery) >= this.#maxCount) this.flush();
    else this.#timer ??= setTimeout(() => this.#tick(), this.#maxDelayMs);
    return batch;
  }

  /** Sends what is there soon, with what else comes in this turn. */
  hurry(): void {
    if (this.#urgent) return;
    this.#urgent = true;
    if (this.#batchesInFlight === 0) queueMicrotask(() => this.flush());
  }

  /** Sends what is there now. */
  flush(): void {
    this.#urgent = false;
    const batch = this.#batch;
    if (batch.deliveries.length === 0) return;
    this.#batch = new AckBatch();
    void this.#dispatch(batch);
  }

  /** Sends what is there and leaves no timer. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.flush();
  }

  async #dispatch(batch: AckBatch<D>): Promise<void> {
    const { deliveries } = batch;
    this.#inFlight += deliveries.length;
    this.#batchesInFlight += 1;
    try {
      const lost = await this.#send(deliveries);
      const unnoticed = batch.unnoticed(lost);
      if (unnoticed > 0) this.#logger.warn({ messages: unnoticed }, 'queue_ack_lease_lost');
      batch.resolve(lost);
    } catch (err) {
      const unnoticed = batch.unnoticed(deliveries);
      if (unnoticed > 0) this.#logger.warn({ err, messages: unnoticed }, 'queue_ack_failed');
      batch.reject(err);
    }
    this.#inFlight -= deliveries.length;
    this.#batchesInFlight -= 1;
    if (this.#urgent) this.flush();
    this.#settled();
  }

  #tick(): void {
    this.#timer = undefined;
    this.flush();
  }
}
