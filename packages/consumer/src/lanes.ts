type Task = () => Promise<void>;

/** A lane with waiting tasks. */
export interface FullLane {
  readonly lane: string;
  /** Number of tasks that wait behind the lane's running task. */
  readonly waiting: number;
}

/** Numbers of tasks in the lanes. */
export interface LanesLoad {
  /** Number of tasks that wait or run. */
  readonly size: number;
  /** Number of running tasks. */
  readonly running: number;
  /** Number of tasks within the share of their lane, plus the tasks without a lane. */
  readonly counted: number;
  /** Number of tasks beyond the share of their lane. These tasks wait only for their own lane. */
  readonly overflow: number;
}

/**
 * Runs at most `concurrency` tasks at the same time. Tasks of one lane run one at a time, in order of arrival; tasks
 * without a lane run when fewer than `concurrency` tasks run. At most `share` tasks of each lane count towards the
 * load, so that one lane cannot use up the prefetch.
 */
export class Lanes {
  readonly #concurrency: number;
  readonly #share: number;
  readonly #onChange: () => void;
  /** For each busy lane, the tasks that wait behind its ready or running task. */
  readonly #waiting = new Map<string, Task[]>();
  readonly #ready: Task[] = [];
  #running = 0;
  #size = 0;
  #overflow = 0;
  #watchers: { isReached: (load: LanesLoad) => boolean; resolve: () => void }[] = [];

  /**
   * @param concurrency - maximum number of tasks that run at the same time
   * @param share - maximum number of tasks of one lane that count towards the load. Default: unlimited
   * @param onChange - called after a task has been added or has ended
   */
  constructor(concurrency: number, share: number = Number.POSITIVE_INFINITY, onChange: () => void = () => {}) {
    this.#concurrency = concurrency;
    this.#share = share;
    this.#onChange = onChange;
  }

  get load(): LanesLoad {
    const counted = this.#size - this.#overflow;
    return { size: this.#size, running: this.#running, counted, overflow: this.#overflow };
  }

  /** Number of tasks beyond the share of their lane. */
  get overflow(): number {
    return this.#overflow;
  }

  /**
   * The lane with the most waiting tasks. Reading this property takes time proportional to the number of busy lanes.
   */
  get fullest(): FullLane | undefined {
    let fullest: FullLane | undefined;
    for (const [lane, { length: waiting }] of this.#waiting) {
      if (waiting > (fullest?.waiting ?? 0)) fullest = { lane, waiting };
    }
    return fullest;
  }

  /** Adds a task. The task leaves its lane even if it rejects, and must report its own failure. */
  add(lane: string | undefined, task: Task): void {
    this.#size += 1;
    const queue = lane === undefined ? undefined : this.#waiting.get(lane);
    if (queue) {
      queue.push(task);
      if (queue.length >= this.#share) this.#overflow += 1;
    } else {
      if (lane !== undefined) this.#waiting.set(lane, []);
      this.#enqueue(lane, task);
    }
    this.#onChange();
  }

  /** Resolves when the load meets the condition. */
  until(isReached: (load: LanesLoad) => boolean): Promise<void> {
    if (isReached(this.load)) return Promise.resolve();
    return new Promise((resolve) => this.#watchers.push({ isReached, resolve }));
  }

  #enqueue(lane: string | undefined, task: Task): void {
    this.#ready.push(async () => {
      try {
        await task();
      } catch {
        // Otherwise the rejection would end the process, and with it the messages of every other lane.
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
      const queue = this.#waiting.get(lane);
      if (queue && queue.length >= this.#share) this.#overflow -= 1;
      const next = queue?.shift();
      if (next) this.#enqueue(lane, next);
      else this.#waiting.delete(lane);
    }
    this.#fill();
    this.#onChange();
    if (this.#watchers.length === 0) return;
    const { load } = this;
    const reached = this.#watchers.filter(({ isReached }) => isReached(load));
    this.#watchers = this.#watchers.filter((watcher) => !reached.includes(watcher));
    for (const { resolve } of reached) resolve();
  }
}
