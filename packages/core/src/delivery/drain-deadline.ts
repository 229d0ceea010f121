import { ConfigurationError } from '../contract/errors.ts';

/** How long a subscription waits for what is in hand, unless told otherwise. */
export const DRAIN_TIMEOUT_MS = 10_000;

/** Beyond the drain time, for the broker to take what was given back. */
const GRACE_MS = 1_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The two moments at which draining loses patience: first with the consumer, then with the broker. */
export class DrainDeadline {
  readonly #onExpired: () => void;
  readonly #onOver: () => void;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param onExpired - the drain time is over: what is in hand goes back
   * @param onOver - the broker had its time to take it
   */
  constructor(onExpired: () => void, onOver: () => void) {
    this.#onExpired = onExpired;
    this.#onOver = onOver;
  }

  /** Sets the first moment, in `timeoutMs` milliseconds; anew if it was set. */
  set(timeoutMs: number): void {
    this.clear();
    if (timeoutMs === 0) this.#expire();
    else if (timeoutMs <= LONGEST_TIMER_MS) this.#timer = setTimeout(() => this.#expire(), timeoutMs);
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
 * @throws ConfigurationError - not a number of milliseconds
 */
export function assertDrainTimeout(drainTimeoutMs: unknown): asserts drainTimeoutMs is number {
  if (typeof drainTimeoutMs === 'number' && drainTimeoutMs >= 0) return;
  throw new ConfigurationError('drainTimeoutMs is milliseconds of at least 0 (for example { drainTimeoutMs: 5000 })');
}
