/** Milliseconds without use after which the queue of an ended task is removed. Messages on their way arrive before. */
const GRACE_MS = 5_000;

interface Use {
  readonly at: number;
  /** All messages were taken, because the task has ended. */
  readonly ended: boolean;
}

/** The queues that this process has declared, with their last use. */
export class UsedQueues {
  readonly #queues = new Map<string, Use>();
  readonly #removals = new Map<string, Promise<void>>();

  has(queue: string): boolean {
    return this.#queues.has(queue);
  }

  use(queue: string): void {
    this.#queues.set(queue, { at: performance.now(), ended: false });
  }

  /** The task has ended. */
  end(queue: string): void {
    this.#queues.set(queue, { at: performance.now(), ended: true });
  }

  /** The queue was deleted, or may be. */
  forget(queue: string): void {
    this.#queues.delete(queue);
  }

  /** The queues of tasks that have ended, and the queues that were not used for `idleMs` milliseconds. */
  idle(idleMs: number): string[] {
    const now = performance.now();
    return this.#select(({ at, ended }) => now - at >= (ended ? Math.min(GRACE_MS, idleMs) : idleMs));
  }

  /** The queues that a process does not need when it closes. Other processes may use the others. */
  leaving(): string[] {
    const now = performance.now();
    return this.#select(({ at, ended }) => ended || now - at >= GRACE_MS);
  }

  /** The removal of a queue, if it is running. Nothing may be published meanwhile. */
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
