import type { Metrics } from '@slack-mcp/core';
import {
  SlackApiError,
  SlackCircuitOpenError,
  SlackNetworkError,
  SlackRateLimitedError,
  SlackTokenMissingError,
} from './slack-error.ts';

/** How a call ended. `error` is any error that does not come from Slack, for example a cancelled call. */
export type SlackOutcome =
  | 'ok'
  | 'api_error'
  | 'rate_limited'
  | 'circuit_open'
  | 'network_error'
  | 'token_missing'
  | 'error';

/** Receives measurements of the calls of one Slack client. */
export interface SlackObserver {
  /** Called after each call with its duration in milliseconds, including waits and retries. */
  called(method: string, outcome: SlackOutcome, durationMs: number): void;
  /** Called for each answer with status 429. */
  rateLimited(method: string): void;
  /** Called when a circuit opens for at most `openMs` milliseconds, and with 0 when it closes. */
  circuit(family: string, openMs: number): void;
}

/** Returns the outcome of a failed call; undefined if the call itself was not valid. */
export function outcomeOf(error: unknown): SlackOutcome | undefined {
  if (error instanceof TypeError) return undefined;
  if (error instanceof SlackRateLimitedError) return 'rate_limited';
  if (error instanceof SlackCircuitOpenError) return 'circuit_open';
  if (error instanceof SlackTokenMissingError) return 'token_missing';
  if (error instanceof SlackNetworkError) return 'network_error';
  return error instanceof SlackApiError ? 'api_error' : 'error';
}

/** Adds the metrics of calls to Slack. Returns a function that creates the observer of one more client. */
export function addSlackMetrics(metrics: Metrics): () => SlackObserver {
  const calls = metrics.histogram('slackCalls');
  const limited = metrics.counter('slackRateLimited');
  const families = new Set<string>();
  /** The time at which each open circuit allows a call again, on the clock of `performance.now()`. */
  const openUntil = new Map<string, { readonly family: string; readonly time: number }>();
  let clients = 0;

  metrics.gauge('slackCircuitOpen', () => {
    const now = performance.now();
    const open = [...openUntil.values()].filter(({ time }) => time > now);
    return [...families].map((family) => ({
      labels: { family },
      value: open.filter((circuit) => circuit.family === family).length,
    }));
  });

  return () => {
    clients += 1;
    const client = clients;
    return {
      called: (method, outcome, durationMs) => calls({ method, outcome }, durationMs),
      rateLimited: (method) => limited({ method }),
      circuit: (family, openMs) => {
        families.add(family);
        const id = `${client} ${family}`;
        if (openMs === 0) openUntil.delete(id);
        else openUntil.set(id, { family, time: performance.now() + openMs });
      },
    };
  };
}
