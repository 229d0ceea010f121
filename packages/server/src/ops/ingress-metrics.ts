import type { Metrics } from '@slack-mcp/core';

/** Counts the outcomes of requests from Slack. */
export interface IngressMetrics {
  /** Counts one request. `result` must be one of a fixed set of values. */
  result(result: string): void;
  /** Records how long the queue took to confirm or to fail, in milliseconds. */
  publish(durationMs: number, outcome: 'confirmed' | 'failed'): void;
  /** Records the time in milliseconds from a complete request to its answer. */
  answered(durationMs: number): void;
}

const ACCEPTED: ReadonlySet<string> = new Set(['published', 'spooled', 'duplicate', 'collapsed']);

/**
 * Results of deliveries that Slack counts as failed. Requests without a valid signature do not count, because they may
 * not come from Slack.
 */
const FAILED: ReadonlySet<string> = new Set([
  'malformed_body',
  'overloaded',
  'queue_payload_too_large',
  'queue_unavailable',
]);

/** @param backend - the name of the queue backend */
export function createIngressMetrics(metrics: Metrics, backend: string): IngressMetrics {
  const requests = metrics.counter('ingressRequests');
  const deliveries = metrics.counter('ingressDeliveries');
  const publishes = metrics.histogram('ingressPublish');
  const acknowledged = metrics.histogram('ingressAcknowledge');
  // Both exist from the start, so that the share of failures is known before the first failure.
  deliveries({ outcome: 'accepted' }, 0);
  deliveries({ outcome: 'failed' }, 0);
  return {
    result(result) {
      requests({ result });
      if (ACCEPTED.has(result)) deliveries({ outcome: 'accepted' });
      else if (FAILED.has(result)) deliveries({ outcome: 'failed' });
    },
    publish: (durationMs, outcome) => publishes({ backend, outcome }, durationMs),
    answered: (durationMs) => acknowledged({}, durationMs),
  };
}
