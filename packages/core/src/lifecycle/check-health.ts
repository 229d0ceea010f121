import { withinTime } from '../command/within-time.ts';
import type { BackendHealth } from '../contract/backend.ts';
import type { QueueError } from '../contract/errors.ts';

/** Options of {@link checkHealth}. */
export interface HealthCheck {
  /** Requests the state of the broker without changing data. */
  check(): Promise<BackendHealth>;
  /** Converts an error that `check` threw. */
  failed(cause: unknown): QueueError;
  /**
   * Returns the reason why there is no connection, if known. The returned error replaces the timeout error if the
   * broker does not answer.
   */
  lastError?(): Error | undefined;
  /** The details to report if the broker is down, for example the endpoint. */
  readonly detail: BackendHealth['detail'];
  /** Milliseconds after which the broker counts as down. Default 2000. */
  readonly timeoutMs?: number;
}

/**
 * Checks the health of a broker within a time limit. Reports `down` with the error's code and message on failure. Never
 * rejects.
 */
export async function checkHealth(options: HealthCheck): Promise<BackendHealth> {
  const { detail, timeoutMs = 2_000 } = options;
  try {
    const checking = options.check();
    if ((await withinTime(checking, timeoutMs)) === 'settled') return await checking;
    throw (
      options.lastError?.() ?? new Error(`the broker did not answer within ${timeoutMs} ms; is it up and reachable?`)
    );
  } catch (cause) {
    const { code, message } = options.failed(cause);
    return { status: 'down', detail: { ...detail, code, problem: message } };
  }
}
