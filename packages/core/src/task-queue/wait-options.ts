/** Options of `waitForMessage`. */
export interface WaitOptions {
  /** Ends the wait: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds after which the promise resolves to `false`. Default: no limit. */
  timeoutMs?: number;
}
