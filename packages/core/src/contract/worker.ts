import type { BackendHealth } from './backend.ts';

/** How a worker stands. `detail` never holds a secret. */
export type WorkerHealth = Pick<BackendHealth, 'status' | 'detail'>;

/** A running worker: what a worker file starts. */
export interface Worker {
  /** Resolves once closed; rejects when the worker cannot go on, so that its process ends and is restarted. */
  readonly closed?: Promise<void>;
  /** How it stands, without asking the broker. Absent: it counts as up while it is there. */
  health?(): WorkerHealth;
  /** Finishes what is in flight, then resolves. `drainTimeoutMs`: milliseconds that it has; default: its own choice. */
  close(options?: { drainTimeoutMs?: number }): Promise<void>;
}
