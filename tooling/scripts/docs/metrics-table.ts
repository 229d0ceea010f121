import { markdownTable } from '../../../packages/core/src/config/env-table.ts';
import type { MetricDefinition } from '../../../packages/core/src/metrics/metric-definitions.ts';

/** A Markdown table of metrics. */
export function metricsTable(metrics: Readonly<Record<string, MetricDefinition>>): string {
  const rows = Object.values(metrics).map(({ name, type, labels, help }) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(', '),
    help,
  ]);
  return markdownTable([['Metric', 'Type', 'Labels', 'Meaning'], ...rows]);
}
