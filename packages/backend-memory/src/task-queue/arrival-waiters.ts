import { MAX_TIMER_MS, type WaitOptions } from '@slack-mcp/core/backend';

interface Waiter {
  resolve(arrived: boolean): void;
  reject(error: unknown): void;
}

/** Keeps the promises of the callers that wait for messages in queues. */
export class ArrivalWaiters {
  readonly #waiters = new Map<string, Set<Waiter>>();

  /** Resolves with `true` at the next {@link wake}, or with `false` after `timeoutMs`. */
  async wait(queue: string, { signal, timeoutMs = Number.POSITIVE_INFINITY }: WaitOptions): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const waiter: Waiter = { resolve, reject };
    const waiters = this.#waiters.get(queue) ?? new Set();
    this.#waiters.set(queue, waiters.add(waiter));
    const abort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const deadline = timeoutMs > MAX_TIMER_MS ? undefined : setTimeout(resolve, timeoutMs, false);
    try {
      return await promise;
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', abort);
      waiters.delete(waiter);
      if (waiters.size === 0 && this.#waiters.get(queue) === waiters) this.#waiters.delete(queue);
    }
  }

  wake(queue: string): void {
    for (const { resolve } of this.#waiters.get(queue) ?? []) resolve(true);
  }

  rejectAll(error: Error): void {
    for (const waiters of this.#waiters.values()) for (const { reject } of waiters) reject(error);
  }
}
