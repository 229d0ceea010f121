/** A running worker: what a worker file starts. */
export interface Worker {
  /** Resolves once closed; rejects when the worker cannot go on, so that its process ends and is restarted. */
  readonly closed?: Promise<void>;
  /** Finishes what is in flight, then resolves. `drainTimeoutMs`: milliseconds that it has; default: its own choice. */
  close(options?: { drainTimeoutMs?: number }): Promise<void>;
}
