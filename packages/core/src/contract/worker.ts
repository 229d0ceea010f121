import type { BackendHealth } from './backend.ts';

/** The state of a worker. `detail` never contains a secret. */
export type WorkerHealth = Pick<BackendHealth, 'status' | 'detail'>;

/** A running worker, which the function of a worker file returns. */
export interface Worker {
  /**
   * Resolves once the worker is closed. Rejects when the worker cannot continue, so that its process ends and is
   * restarted.
   */
  readonly closed?: Promise<void>;
  /**
   * Reports the state of the worker without a request to the broker. A worker without a `health` method counts as up.
   */
  health?(): WorkerHealth;
  /**
   * Finishes the messages in flight, then resolves. `drainTimeoutMs` is the time limit in milliseconds; the worker
   * chooses the default.
   */
  close(options?: { drainTimeoutMs?: number }): Promise<void>;
}
