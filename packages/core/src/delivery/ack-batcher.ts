/** How acks are put together. */
export interface AckBatchOptions {
  /** Sent when there are so many. Default 100, but no more than half of `prefetch`. */
  maxCount?: number;
  /** Milliseconds after which a smaller batch is sent. Default 5. */
  maxDelayMs?: number;
}

/**
 * Collects acks and sends them a batch at a time. An implicit ack waits for the batch to fill or for the delay; an
 * explicit one is sent at once, or as soon as the batch before it has come back.
 */
export class AckBatcher<T> {
  readonly #send: (batch: T[]) => Promise<void>;
  readonly #maxCount: number;
  readonly #maxDelayMs: number;
  #batch: T[] = [];
  #underWay = 0;
  #urgent = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param send - one attempt; never rejects
   */
  constructor(send: (batch: T[]) => Promise<void>, { maxCount = 100, maxDelayMs = 5 }: AckBatchOptions) {
    this.#send = send;
    this.#maxCount = maxCount;
    this.#maxDelayMs = maxDelayMs;
  }

  add(item: T): void {
    if (this.#batch.push(item) >= this.#maxCount) this.flush();
    else this.#timer ??= setTimeout(() => this.#tick(), this.#maxDelayMs);
  }

  /** Sends what is there soon, with what else comes in this turn. */
  hurry(): void {
    if (this.#urgent || this.#batch.length === 0) return;
    this.#urgent = true;
    if (this.#underWay === 0) queueMicrotask(() => this.flush());
  }

  /** Sends what is there now. */
  flush(): void {
    this.#urgent = false;
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    void this.#dispatch(batch);
  }

  /** Sends what is there and leaves no timer. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.flush();
  }

  async #dispatch(batch: T[]): Promise<void> {
    this.#underWay += 1;
    await this.#send(batch);
    this.#underWay -= 1;
    if (this.#urgent) this.flush();
  }

  #tick(): void {
    this.#timer = undefined;
    this.flush();
  }
}
