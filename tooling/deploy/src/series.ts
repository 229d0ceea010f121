import { METRICS, type MetricDefinition } from '@slack-mcp/core';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The labels that Prometheus adds to each series when it scrapes a target. */
const TARGET_LABELS = ['job', 'instance'];

/** Every series of a scrape by its name, with its labels. */
export async function knownSeries(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const series = new Map<string, ReadonlySet<string>>();
  const add = (name: string, labels: readonly string[]): void => {
    series.set(name, new Set([...labels, ...TARGET_LABELS]));
  };
  for (const { name, type, labels } of Object.values(METRICS) as MetricDefinition[]) {
    if (type !== 'histogram') {
      add(name, labels);
      continue;
    }
    add(`${name}_bucket`, [...labels, 'le']);
    add(`${name}_sum`, labels);
    add(`${name}_count`, labels);
  }
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const { name, values } of await registry.getMetricsAsJSON()) {
    add(
      name,
      values.flatMap(({ labels }) => Object.keys(labels)),
    );
  }
  return series;
}

/** The parts of prom-client with which a server creates its metrics. */
export const promClient = { Counter, Gauge, Histogram, Registry, collectDefaultMetrics };
