import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
const ANSWER_MS = 2_000;

/** What `/readyz` said, compared with the broker. */
export interface Readiness {
  /** The longest time in milliseconds until it said not ready after the broker went away. */
  readonly outageMs: number;
  /** The longest time in milliseconds until it said ready after the broker came back. */
  readonly recoveryMs: number;
  /** Number of outages and recoveries that it showed. */
  readonly changesSeen: number;
  /** Answers that were wrong although earlier answers had shown the state of the broker. */
  readonly wrong: number;
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
  let isSeen = true;
  let ended = false;
  const longest = { up: 0, down: 0 };
  const counts = { changesSeen: 0, wrong: 0, unanswered: 0 };

  async function poll(): Promise<void> {
    const state = broker;
    const asked = performance.now();
    const ready = await isReady();
    if (ready === undefined) counts.unanswered += 1;
    // An answer to a question from before a change says nothing about the change.
    if (ready === undefined || state !== broker) return;
    if (ready === (state === 'up')) {
      if (isSeen) return;
      isSeen = true;
      counts.changesSeen += 1;
      longest[state] = Math.max(longest[state], Math.round(asked - since));
    } else if (isSeen) counts.wrong += 1;
  }

  async function isReady(): Promise<boolean | undefined> {
    try {
      const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return undefined;
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
      isSeen = false;
    },
    async end() {
      ended = true;
      await polling;
      return { outageMs: longest.down, recoveryMs: longest.up, ...counts };
    },
  };
}
