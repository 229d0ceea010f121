/** The queues that this process has declared, with the time of their last use. */
export class UsedQueues {
  /** In the order of the last use. */
  readonly #queues = new Map<string, number>();

  has(queue: string): boolean {
    return this.#queues.has(queue);
  }

  use(queue: string): void {
    this.#queues.delete(queue);
    this.#queues.set(queue, performance.now());
  }

  /** The queue was deleted, or may be. */
  forget(queue: string): void {
    this.#queues.delete(queue);
  }

  /** The queues that were not used for `idleMs` milliseconds. */
  idle(idleMs: number): string[] {
    const idle: string[] = [];
    const limit = performance.now() - idleMs;
    for (const [queue, usedAt] of this.#queues) {
      if (usedAt > limit) break;
      idle.push(queue);
    }
    return idle;
  }
}
