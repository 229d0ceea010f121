import { Chain, Link } from '../http/chain.ts';

/** A task with a deadline. */
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
 * Watches the deadlines of many tasks with a single timer, because most tasks are done long before their deadline. The
 * timer does not keep the process alive.
 */
export class Deadlines {
  readonly #tasks: Chain<Task> = new Chain();
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;

  /**
   * @param dueAt - the deadline, in the time of `performance.now()`
   * @param onLate - called at the deadline unless the task has been deleted by then
   */
  add(dueAt: number, onLate: () => void): Task {
    const task = new Task(dueAt, onLate);
    let next: Task | undefined;
    for (let other = this.#tasks.last; other !== undefined && other.dueAt > dueAt; ) {
      next = other;
      other = this.#tasks.before(other);
    }
    this.#tasks.add(task, next);
    // A timer left over from a finished task serves the next one.
    if (dueAt < this.#wakesAt) this.#wakeAt(dueAt);
    return task;
  }

  /** Removes a task. Returns `false` if the task was already removed. */
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
