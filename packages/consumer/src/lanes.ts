type Task = () => Promise<void>;

/**
 * Runs tasks, at most `concurrency` at once. Tasks of one lane run one at a time, in the order they came; tasks without
 * a lane run as soon as there is room. A full lane holds no other lane up.
 */
export class Lanes {
  readonly #concurrency: number;
  /** Per busy lane, what waits behind the task that is ready or running. */
  readonly #waiting = new Map<string, Task[]>();
  readonly #ready: Task[] = [];
  #running = 0;
  #size = 0;
  #watchers: { limit: number; resolve: () => void }[] = [];

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** Tasks that are waiting or running. */
  get size(): number {
    return this.#size;
  }

  /** Adds a task. One that rejects leaves its lane all the same; why is for the task itself to tell. */
  add(lane: string | undefined, task: Task): void {
    this.#size += 1;
    const queue = lane === undefined ? undefined : this.#waiting.get(lane);
    if (queue) {
      queue.push(task);
      return;
    }
    if (lane !== undefined) this.#waiting.set(lane, []);
    this.#enqueue(lane, task);
  }

  /** Resolves once fewer than `limit` tasks are waiting or running. */
  fewerThan(limit: number): Promise<void> {
    if (this.#size < limit) return Promise.resolve();
    return new Promise((resolve) => this.#watchers.push({ limit, resolve }));
  }

  #enqueue(lane: string | undefined, task: Task): void {
    this.#ready.push(async () => {
      try {
        await task();
      } catch {
        // Unheard it would end the process, and the messages of every other lane with it.
      } finally {
        this.#leave(lane);
      }
    });
    this.#fill();
  }

  #fill(): void {
    while (this.#running < this.#concurrency) {
      const task = this.#ready.shift();
      if (!task) return;
      this.#running += 1;
      void task();
    }
  }

  #leave(lane: string | undefined): void {
    this.#running -= 1;
    this.#size -= 1;
    if (lane !== undefined) {
      const next = this.#waiting.get(lane)?.shift();
      if (next) this.#enqueue(lane, next);
      else this.#waiting.delete(lane);
    }
    this.#fill();
    const reached = this.#watchers.filter(({ limit }) => this.#size < limit);
    this.#watchers = this.#watchers.filter(({ limit }) => this.#size >= limit);
    for (const { resolve } of reached) resolve();
  }
}
