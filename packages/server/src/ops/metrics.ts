import { createMetrics as create, type Metrics } from '@slack-mcp/core';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type { Metrics } from '@slack-mcp/core';

/** @param options - `process` also collects the metrics of the process (memory, CPU, event loop). Default false */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  return create({ Counter, Gauge, Histogram, Registry, collectDefaultMetrics }, options);
}
