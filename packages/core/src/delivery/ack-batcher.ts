import { setImmediate } from 'node:timers';

/** Settings for batches of acks. */
export interface AckBatchOptions {
  /** Maximum number of acks in a batch. Default 100, at most half of `prefetch`. */
  maxCount?: number;
  /** Milliseconds after which an incomplete batch is sent. Default 5. */
  maxDelayMs?: number;
  /**
   * Whether an awaited ack is sent although the previous batch is not answered, with the other acks of the same turn of
   * the event loop. For brokers that answer several batches together. Default `false`.
   */
  pipelined?: boolean;
}

/**
 * Collects acks and sends them in batches. An ack that no caller awaits is sent when the batch is full or the delay is
 * over. An ack that a caller awaits is sent immediately, or as soon as the previous batch is answered. If batches are
 * pipelined, the ack is sent at the end of the turn of the event loop.
 */
export class AckBatcher<T> {
  readonly #send: (batch: T[]) => Promise<void>;
  readonly #maxCount: number;
  readonly #maxDelayMs: number;
  readonly #pipelined: boolean;
  #batch: T[] = [];
  #underWay = 0;
  #urgent = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param send - makes one attempt to send a batch; never rejects */
  constructor(
    send: (batch: T[]) => Promise<void>,
    { maxCount = 100, maxDelayMs = 5, pipelined = false }: AckBatchOptions,
  ) {
    this.#send = send;
    this.#maxCount = maxCount;
    this.#maxDelayMs = maxDelayMs;
    this.#pipelined = pipelined;
  }

  add(item: T): void {
    if (this.#batch.push(item) >= this.#maxCount) this.flush();
    else this.#timer ??= setTimeout(() => this.#tick(), this.#maxDelayMs);
  }

  /** Sends the collected acks soon, because a caller awaits one of them. */
  hurry(): void {
    if (this.#urgent || this.#batch.length === 0) return;
    this.#urgent = true;
    if (this.#pipelined) setImmediate(() => this.flush());
    else if (this.#underWay === 0) queueMicrotask(() => this.flush());
  }

  /** Sends the collected acks now. */
  flush(): void {
    this.#urgent = false;
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    void this.#dispatch(batch);
  }

  /** Sends the collected acks and clears the timer. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.flush();
  }

  async #dispatch(batch: T[]): Promise<void> {
    this.#underWay += 1;
    await this.#send(batch);
    this.#underWay -= 1;
    if (this.#urgent && !this.#pipelined) this.flush();
  }

  #tick(): void {
    this.#timer = undefined;
    this.flush();
  }
}
