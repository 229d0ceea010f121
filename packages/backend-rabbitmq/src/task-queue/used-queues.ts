/**
 * Milliseconds that the queue of an ended task may stay unused before it is removed. Long enough for messages in
 * transit to arrive.
 */
const GRACE_MS = 5_000;

interface Use {
  readonly at: number;
  /** True after all messages were taken because the task has ended. */
  readonly ended: boolean;
}

/** The queues that this process has declared, with the time of their last use. */
export class UsedQueues {
  readonly #queues = new Map<string, Use>();
  readonly #removals = new Map<string, Promise<void>>();

  has(queue: string): boolean {
    return this.#queues.has(queue);
  }

  use(queue: string): void {
    this.#queues.set(queue, { at: performance.now(), ended: false });
  }

  /** Marks the queue of a task that has ended. */
  end(queue: string): void {
    this.#queues.set(queue, { at: performance.now(), ended: true });
  }

  /** Forgets a queue, because it was deleted or may have been deleted. */
  forget(queue: string): void {
    this.#queues.delete(queue);
  }

  /** Returns the queues of tasks that have ended, and the queues that have not been used for `idleMs` milliseconds. */
  idle(idleMs: number): string[] {
    const now = performance.now();
    return this.#select(({ at, ended }) => now - at >= (ended ? Math.min(GRACE_MS, idleMs) : idleMs));
  }

  /** Returns the queues to remove when the process closes: queues of ended tasks, and queues not used for `GRACE_MS`. */
  leaving(): string[] {
    const now = performance.now();
    return this.#select(({ at, ended }) => ended || now - at >= GRACE_MS);
  }

  /**
   * Returns the running removal of a queue, if any. Callers must not publish to the queue until its removal has ended.
   */
  removal(queue: string): Promise<void> | undefined {
    return this.#removals.get(queue);
  }

  /** Runs a removal. */
  async whileRemoving(queue: string, remove: () => Promise<void>): Promise<void> {
    const removal = remove().finally(() => this.#removals.delete(queue));
    this.#removals.set(queue, removal);
    await removal;
  }

  #select(matches: (use: Use) => boolean): string[] {
    const selected: string[] = [];
    for (const [queue, use] of this.#queues) if (matches(use)) selected.push(queue);
    return selected;
  }
}
