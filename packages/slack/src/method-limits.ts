import { SlackRateLimitedError } from './slack-error.ts';
import type { OnSlackWait } from './slack-port.ts';
import { unlessAborted } from './unless-aborted.ts';
import { wait } from './wait.ts';

/** Permission to call a method. */
export interface Admission {
  /** Milliseconds that the call waited. */
  readonly waitedMs: number;
  /** Reports that the call has ended. If the call hit a limit, call `limited` before `leave`. */
  leave(): void;
}

/** Options of `enter`. */
export interface EnterOptions {
  method: string;
  maxWaitMs: number;
  signal?: AbortSignal | undefined;
  onWait?: OnSlackWait | undefined;
}

interface Limit {
  /** The end of the limit, on the clock of `performance.now()`. */
  until: number;
  /** Settles when the call that tests the limit has ended. */
  trial: Promise<void> | undefined;
}

const MANY = 1_000;

/** Permission to call a method that has no known limit. */
const FREE: Admission = { waitedMs: 0, leave() {} };

/**
 * Keeps the rate limits of one token, as stated in Slack's answers. Each limit is separate, so that a limited method
 * delays no other method. Calls wait while a limit lasts; then a single call tests whether the limit has ended.
 */
export class MethodLimits {
  readonly #limits = new Map<string, Limit>();

  /** Records that Slack asked to wait `seconds` seconds before the next call. */
  limited(key: string, seconds: number): void {
    const now = performance.now();
    if (this.#limits.size >= MANY) this.#forgetEnded(now);
    const until = now + seconds * 1000;
    const known = this.#limits.get(key);
    if (known === undefined) this.#limits.set(key, { until, trial: undefined });
    else known.until = Math.max(known.until, until);
  }

  /**
   * Waits until the method may be called.
   *
   * @throws SlackRateLimitedError without waiting, if the wait would take longer than `maxWaitMs`
   * @throws the signal's reason if the signal is aborted
   */
  async enter(key: string, options: EnterOptions): Promise<Admission> {
    const { method, maxWaitMs, signal } = options;
    let { onWait } = options;
    if (!this.#limits.has(key)) return FREE;
    const started = performance.now();
    for (;;) {
      const limit = this.#limits.get(key);
      const now = performance.now();
      if (limit === undefined) return { ...FREE, waitedMs: now - started };
      const patience = maxWaitMs - (now - started);
      const left = limit.until - now;
      if (left <= 0 && limit.trial === undefined) return this.#try(key, limit, now - started);
      if (patience < left || patience <= 0)
        throw new SlackRateLimitedError(method, Math.max(1, Math.ceil(left / 1000)));
      onWait?.(Math.max(left, 0), 'rate_limited');
      onWait = undefined;
      await (left > 0 ? wait(left, signal) : within(patience, limit.trial, signal));
    }
  }

  #try(key: string, limit: Limit, waitedMs: number): Admission {
    const { promise, resolve } = Promise.withResolvers<void>();
    limit.trial = promise;
    return {
      waitedMs,
      leave: () => {
        limit.trial = undefined;
        if (limit.until <= performance.now()) this.#limits.delete(key);
        resolve();
      },
    };
  }

  #forgetEnded(now: number): void {
    for (const [key, { until, trial }] of this.#limits) {
      if (until <= now && trial === undefined) this.#limits.delete(key);
    }
  }
}

/** Waits for a promise, up to a maximum time. */
async function within(
  milliseconds: number,
  promise: Promise<void> | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const timeout = new AbortController();
  try {
    const late = wait(milliseconds, timeout.signal).catch(() => {});
    await unlessAborted(Promise.race([promise, late]), signal);
  } finally {
    timeout.abort();
  }
}
