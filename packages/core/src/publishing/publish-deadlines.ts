import type { PendingPublish } from './pending-publish.ts';

/** Tracks the deadlines of all messages without an outcome, with one timer for all messages. */
export class PublishDeadlines {
  readonly #open = new Set<PendingPublish>();
  readonly #onExpired: (expired: readonly PendingPublish[]) => void;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #idle: PromiseWithResolvers<void> | undefined;

  /** @param onExpired - called with the expired messages; must settle them */
  constructor(onExpired: (expired: readonly PendingPublish[]) => void) {
    this.#onExpired = onExpired;
  }

  add(pending: PendingPublish): void {
    this.#open.add(pending);
    this.#watch(pending.deadline);
  }

  delete(pending: PendingPublish): void {
    this.#open.delete(pending);
    if (this.#open.size > 0) return;
    clearTimeout(this.#timer);
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#idle?.resolve();
  }

  /**
   * Resolves once all messages have an outcome. After `timeoutMs`, passes the remaining messages to `abandon`, which
   * settles them.
   */
  async drained(timeoutMs: number, abandon: (left: readonly PendingPublish[]) => void): Promise<void> {
    if (this.#open.size === 0) return;
    this.#idle ??= Promise.withResolvers();
    const timer = setTimeout(() => abandon([...this.#open]), timeoutMs);
    await this.#idle.promise;
    clearTimeout(timer);
  }

  #watch(deadline: number): void {
    if (deadline >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = deadline;
    this.#timer = setTimeout(() => this.#expire(), Math.max(0, deadline - performance.now()) + 1);
  }

  #expire(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    const expired: PendingPublish[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const pending of this.#open) {
      if (pending.deadline <= now) expired.push(pending);
      else next = Math.min(next, pending.deadline);
    }
    if (next !== Number.POSITIVE_INFINITY) this.#watch(next);
    if (expired.length > 0) this.#onExpired(expired);
  }
}
