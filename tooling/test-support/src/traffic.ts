import { setTimeout as sleep } from 'node:timers/promises';
import { isQueueError, type QueueBackend, type Subscription } from '@slack-mcp/core';

/** Maximum number of messages that are published and not handled. */
const MOST_BEHIND = 200;
/** Milliseconds without progress after which something is stuck. */
const STUCK_MS = 60_000;
/** Number of ordering keys. The messages of each are published one after the other. */
const LANES = 8;

/** Messages that are published and consumed without a pause while brokers fail. */
export class Traffic {
  /** The numbers whose `publish` resolved. */
  readonly confirmed: Set<number> = new Set();
  readonly handled: Set<number> = new Set();
  /** The numbers whose `ack` resolved. */
  readonly acked: Set<number> = new Set();
  /** Messages that were delivered after their ack had resolved. */
  readonly again: number[] = [];
  /** Messages that were delivered for the first time after a later one of their ordering key. */
  readonly disordered: number[] = [];
  readonly #key: string;
  readonly #last = new Map<string, number>();
  readonly #stopping = new AbortController();
  readonly #failed = Promise.withResolvers<never>();
  #publishing: Promise<unknown> | undefined;

  constructor(key: string) {
    this.#key = key;
  }

  /** Publishes until {@link finish}. */
  publish(backend: QueueBackend): void {
    const lane = async (_: unknown, index: number): Promise<void> => {
      for (let n = index; !this.#stopping.signal.aborted; n += LANES) {
        while (this.#behind >= MOST_BEHIND && !this.#stopping.signal.aborted) await sleep(5);
        await backend.publish(this.#key, { n }, { orderingKey: `C${index}` });
        this.confirmed.add(n);
      }
    };
    this.#publishing = Promise.all(Array.from({ length: LANES }, lane));
    this.#publishing.catch((error: Error) => this.#failed.reject(error));
    this.#failed.promise.catch(() => {});
  }

  /** Consumes one message at a time until the subscription ends. Rejects if it ends with an error. */
  async consume(subscription: Subscription): Promise<void> {
    for (;;) {
      const { done, value } = await subscription.next();
      if (done) return;
      const n = value.payload['n'] as number;
      const key = value.metadata.orderingKey ?? '';
      if (this.acked.has(n)) this.again.push(n);
      if (!this.handled.has(n)) {
        if (n < (this.#last.get(key) ?? 0)) this.disordered.push(n);
        this.#last.set(key, n);
      }
      this.handled.add(n);
      try {
        await value.ack();
        this.acked.add(n);
      } catch (error) {
        if (!isQueueError(error) || !(error.retryable || error.code === 'ERR_QUEUE_LEASE_LOST')) throw error;
      }
    }
  }

  /** Resolves when `count` more messages are published and as many are handled. */
  async more(count: number): Promise<void> {
    const [confirmed, handled] = [this.confirmed.size + count, this.handled.size + count];
    await this.#until(() => this.confirmed.size >= confirmed && this.handled.size >= handled);
  }

  /** Stops publishing. Resolves when every published message is handled. */
  async finish(): Promise<void> {
    this.#stopping.abort();
    await this.#publishing;
    await this.#until(() => this.#behind === 0);
  }

  get #behind(): number {
    return this.confirmed.size - this.handled.size;
  }

  /** Waits for a condition as long as there is progress. Rejects if publishing fails. */
  async #until(condition: () => boolean): Promise<void> {
    let seen = -1;
    let progressAt = performance.now();
    while (!condition()) {
      await Promise.race([this.#failed.promise, sleep(20)]);
      const now = this.confirmed.size + this.handled.size;
      if (now !== seen) progressAt = performance.now();
      seen = now;
      if (performance.now() - progressAt < STUCK_MS) continue;
      const missing = [...this.confirmed].filter((n) => !this.handled.has(n));
      throw new Error(`no progress: ${missing.length} messages are not handled, for example ${missing.slice(0, 10)}`);
    }
  }
}
