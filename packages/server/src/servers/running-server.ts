/** How a server closes. */
export interface CloseOptions {
  /**
   * Maximum time in milliseconds for closing the whole server; default 10000. Components that have not closed shortly
   * afterwards are abandoned.
   */
  readonly drainTimeoutMs?: number;
  /**
   * Time in milliseconds during which the server still accepts connections and `/readyz` already answers 503, so that
   * load balancers stop sending requests. Part of `drainTimeoutMs`; default 0.
   */
  readonly delayMs?: number;
}

/** A server in this process. */
export interface RunningServer {
  /**
   * Opens all components, then listens on the port.
   *
   * @throws the error that prevents the start; components that were already open are closed again
   */
  start(): Promise<void>;
  /**
   * Resolves when the server is closed. Rejects if a component cannot continue; in this case, close the server and
   * start a new one.
   */
  readonly closed: Promise<void>;
  /**
   * The address that the server listens on, for example `http://127.0.0.1:3000`. The address is available after `start`
   * has resolved.
   */
  readonly address: string;
  /**
   * Stops accepting requests, finishes work in flight, then closes the worker and the backend. If the backend ends with
   * this process, the worker first handles the messages that are still in the queue. Idempotent.
   *
   * @throws Error - a component did not close; the message names the component
   */
  close(options?: CloseOptions): Promise<void>;
}
