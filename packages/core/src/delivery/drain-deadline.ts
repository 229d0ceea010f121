import { MAX_TIMER_MS } from '../config/resolve-integers.ts';
import { ConfigurationError } from '../contract/errors.ts';
import { quote } from '../text/quote.ts';

/** Default time in milliseconds that a subscription waits for messages in flight. */
export const DRAIN_TIMEOUT_MS = 10_000;

/** Additional milliseconds after the drain time for the broker to take back messages. */
const GRACE_MS = 1_000;

/**
 * The two deadlines of a drain, one for the consumer to settle messages and one for the broker to take back messages.
 */
export class DrainDeadline {
  readonly #onExpired: () => void;
  readonly #onOver: () => void;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param onExpired - called when the drain time is over and messages in flight must be returned
   * @param onOver - called when the time for the broker to take back messages is over
   */
  constructor(onExpired: () => void, onOver: () => void) {
    this.#onExpired = onExpired;
    this.#onOver = onOver;
  }

  /** Sets the first deadline to `timeoutMs` milliseconds from now. Replaces an earlier deadline. */
  set(timeoutMs: number): void {
    this.clear();
    if (timeoutMs === 0) this.#expire();
    else if (timeoutMs <= MAX_TIMER_MS) this.#timer = setTimeout(() => this.#expire(), timeoutMs);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #expire(): void {
    this.#timer = setTimeout(this.#onOver, GRACE_MS);
    this.#onExpired();
  }
}

/**
 * Checks a drain timeout.
 *
 * @throws ConfigurationError - the timeout is not a number of at least 0
 */
export function assertDrainTimeout(drainTimeoutMs: unknown): asserts drainTimeoutMs is number {
  if (typeof drainTimeoutMs === 'number' && drainTimeoutMs >= 0) return;
  throw new ConfigurationError(
    `drainTimeoutMs is ${quote(drainTimeoutMs)}: use a number of milliseconds, at least 0 (for example { drainTimeoutMs: 5000 })`,
  );
}
