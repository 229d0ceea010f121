/** A server in this process. */
export interface RunningServer {
  /**
   * Opens everything, then listens.
   *
   * @throws what keeps it from starting; what was opened by then is closed again
   */
  start(): Promise<void>;
  /** Resolves once closed; rejects when a part cannot go on: close it then, and start anew. */
  readonly closed: Promise<void>;
  /** Where it listens, for example `http://127.0.0.1:3000`. Known once started. */
  readonly address: string;
  /**
   * Stops the intake, finishes what is in flight, then closes the worker and the backend. A worker on a backend that
   * ends with this process first handles what that owes. Idempotent. `drainTimeoutMs`: milliseconds for all of it,
   * default 10000; what is not closed a little later is left behind.
   *
   * @throws Error - names what did not close
   */
  close(options?: { drainTimeoutMs?: number }): Promise<void>;
}
