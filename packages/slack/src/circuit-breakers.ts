import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';
import { ANSWERED_WRONGLY, SlackCircuitOpenError, SlackNetworkError } from './slack-error.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Options of `CircuitBreakers`. */
export interface CircuitBreakersOptions {
  /** Number of consecutive failures that open a circuit. Default 5. */
  failures?: number;
  /** Milliseconds for which a circuit stays open before it allows one call. Default 30000. */
  openMs?: number;
  /** Called when a circuit opens (for at most `openMs` milliseconds) or closes. */
  onChange?: (family: string, state: 'open' | 'closed', openMs: number) => void;
}

interface Circuit {
  readonly policy: CircuitBreakerPolicy;
  openedAt: number;
}

type Outcome<T> = { answer: T } | { error: unknown };

/**
 * A circuit breaker for each family of methods (`chat`, `conversations`, …). Only calls without a usable answer count
 * as failures. Every answer of Slack counts as a success, even an error.
 */
export class CircuitBreakers {
  readonly #circuits = new Map<string, Circuit>();
  readonly #options: CircuitBreakersOptions;
  readonly #openMs: number;

  constructor(options: CircuitBreakersOptions = {}) {
    this.#options = options;
    this.#openMs = options.openMs ?? 30_000;
  }

  /** Whether the circuit breaker currently refuses calls of the method. */
  isOpen(method: string): boolean {
    const circuit = this.#circuits.get(familyOf(method));
    return circuit !== undefined && Date.now() - circuit.openedAt < this.#openMs;
  }

  /**
   * Calls Slack, unless the circuit is open.
   *
   * @throws SlackCircuitOpenError if the circuit is open
   * @throws the error of the call
   */
  async run<T>(method: string, call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const family = familyOf(method);
    const circuit = this.#circuitOf(family);
    try {
      const outcome = await unlessAborted(
        circuit.policy.execute(() => settle(call)),
        signal,
      );
      if ('error' in outcome) throw outcome.error;
      return outcome.answer;
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error;
      const leftMs = circuit.openedAt + this.#openMs - Date.now();
      throw new SlackCircuitOpenError(method, family, Math.max(1, Math.ceil(leftMs / 1000)));
    }
  }

  #circuitOf(family: string): Circuit {
    const known = this.#circuits.get(family);
    if (known !== undefined) return known;
    const policy = circuitBreaker(handleWhen(isOutage), {
      breaker: new ConsecutiveBreaker(this.#options.failures ?? 5),
      halfOpenAfter: this.#openMs,
    });
    const circuit: Circuit = { policy, openedAt: Number.NEGATIVE_INFINITY };
    policy.onBreak(() => {
      circuit.openedAt = Date.now();
      this.#options.onChange?.(family, 'open', this.#openMs);
    });
    policy.onReset(() => {
      circuit.openedAt = Number.NEGATIVE_INFINITY;
      this.#options.onChange?.(family, 'closed', this.#openMs);
    });
    this.#circuits.set(family, circuit);
    return circuit;
  }
}

/** Returns the outcome of a call. Every answer of Slack counts as a success, so it ends a series of failures. */
async function settle<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { answer: await call() };
  } catch (error) {
    if (isOutage(error)) throw error;
    return { error };
  }
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof SlackNetworkError)) return false;
  return error.failure === 'http_error' ? (error.status ?? 0) >= 500 : !ANSWERED_WRONGLY.has(error.failure);
}

function familyOf(method: string): string {
  return method.slice(0, method.indexOf('.'));
}
