import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;

/** What `/readyz` said, compared with the broker. */
export interface Readiness {
  /** The longest time in milliseconds that it said ready after the broker went away. */
  readonly readyWithoutBrokerMs: number;
  /** The longest time in milliseconds that it said not ready after the broker came back. */
  readonly notReadyWithBrokerMs: number;
  /** Number of outages in which it said not ready. */
  readonly outagesSeen: number;
  /** Requests without an answer. */
  readonly unanswered: number;
}

/** Compares `/readyz` with the state of the broker. */
export interface ReadinessWatch {
  brokerIs(state: 'up' | 'down'): void;
  end(): Promise<Readiness>;
}

/** Polls `/readyz` until `end`. The broker is up at the start, and the server is ready. */
export function watchReadiness(address: string): ReadinessWatch {
  let broker: 'up' | 'down' = 'up';
  let since = performance.now();
  let seen = false;
  let ended = false;
  const result = { readyWithoutBrokerMs: 0, notReadyWithBrokerMs: 0, outagesSeen: 0, unanswered: 0 };

  async function poll(): Promise<void> {
    const asked = performance.now();
    const state = broker;
    try {
      const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(2_000) });
      await response.body?.cancel();
      if (state !== broker) return;
      const { ok } = response;
      if (state === 'down' && ok) result.readyWithoutBrokerMs = Math.max(result.readyWithoutBrokerMs, asked - since);
      if (state === 'up' && !ok) result.notReadyWithBrokerMs = Math.max(result.notReadyWithBrokerMs, asked - since);
      if (state === 'down' && !ok && !seen) {
        seen = true;
        result.outagesSeen += 1;
      }
    } catch {
      result.unanswered += 1;
    }
  }

  const polling = (async () => {
    while (!ended) {
      await poll();
      await sleep(POLL_MS);
    }
  })();

  return {
    brokerIs(state) {
      broker = state;
      since = performance.now();
      if (state === 'down') seen = false;
    },
    async end() {
      ended = true;
      await polling;
      const { readyWithoutBrokerMs, notReadyWithBrokerMs, ...counts } = result;
      return {
        readyWithoutBrokerMs: Math.round(readyWithoutBrokerMs),
        notReadyWithBrokerMs: Math.round(notReadyWithBrokerMs),
        ...counts,
      };
    },
  };
}
