import { Chain, Link } from '../http/chain.ts';

/** Something that is to be done by a time. */
class Task extends Link {
  readonly dueAt: number;
  readonly onLate: () => void;

  constructor(dueAt: number, onLate: () => void) {
    super();
    this.dueAt = dueAt;
    this.onLate = onLate;
  }
}

export type { Task };

/**
 * Watches over tasks that have about the same time each, with one timer for all of them: most are done long before it
 * is over. The timer keeps no process alive.
 */
export class Deadlines {
  readonly #tasks: Chain<Task> = new Chain();
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;

  /**
   * @param dueAt - on the clock of `performance.now()`
   * @param onLate - called when the task was not deleted by then, while it still can be
   */
  add(dueAt: number, onLate: () => void): Task {
    const task = new Task(dueAt, onLate);
    let next: Task | undefined;
    for (let other = this.#tasks.last; other !== undefined && other.dueAt > dueAt; ) {
      next = other;
      other = this.#tasks.before(other);
    }
    this.#tasks.add(task, next);
    // A timer that is left from a task that was done is good for the next one.
    if (dueAt < this.#wakesAt) this.#wakeAt(dueAt);
    return task;
  }

  /** Whether it was there. */
  delete(task: Task): boolean {
    return this.#tasks.delete(task);
  }

  #wakeAt(time: number): void {
    clearTimeout(this.#timer);
    this.#wakesAt = time;
    this.#timer = setTimeout(() => this.#check(), Math.ceil(time - performance.now())).unref();
  }

  #check(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    for (let task = this.#tasks.first; task !== undefined; task = this.#tasks.first) {
      if (task.dueAt > now) {
        this.#wakeAt(task.dueAt);
        return;
      }
      task.onLate();
      this.#tasks.delete(task);
    }
  }
}
