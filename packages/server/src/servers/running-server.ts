/** A server in this process. */
export interface RunningServer {
  /**
   * Opens everything, then listens.
   *
   * @throws the error that prevents the start. Parts that were already open are closed again
   */
  start(): Promise<void>;
  /** Resolves when closed. Rejects if a part cannot continue: close the server then, and start a new one. */
  readonly closed: Promise<void>;
  /** The address that the server listens on, for example `http://127.0.0.1:3000`. Available once started. */
  readonly address: string;
  /**
   * Stops the intake, finishes work in flight, then closes the worker and the backend. If the backend ends with this
   * process, the worker first handles its undelivered messages. Idempotent. `drainTimeoutMs`: milliseconds for the
   * whole close, default 10000. Parts that have not closed shortly after this time are abandoned.
   *
   * @throws Error - names the parts that did not close
   */
  close(options?: { drainTimeoutMs?: number }): Promise<void>;
}
