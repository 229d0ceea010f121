import type { GaugeValue, Metrics } from '@slack-mcp/core';
import type { SpoolingPublisher } from '../ingress/spool/spooling-publisher.ts';

/** Adds the metrics of the spool, whose values are read at each scrape. */
export function addSpoolMetrics(metrics: Metrics, spool: Pick<SpoolingPublisher, 'status'>): void {
  const one = (value: number): readonly GaugeValue<Readonly<Record<never, string>>>[] => [{ labels: {}, value }];
  metrics.gauge('spoolEvents', () => one(spool.status.records));
  metrics.gauge('spoolBytes', () => one(spool.status.bytes));
  metrics.gauge('spoolMaxBytes', () => one(spool.status.maxBytes));
  metrics.gauge('spoolSegments', () => one(spool.status.segments));
  metrics.gauge('spoolOldestAge', () => {
    const { oldestAt } = spool.status;
    return one(oldestAt === undefined ? 0 : Math.max(0, Date.now() - oldestAt) / 1_000);
  });
  metrics.gauge('spoolBlocked', () => one(spool.status.blocked));
  metrics.gauge('spoolRefused', () => one(spool.status.refused));
  metrics.gauge('spoolFailing', () => one(Number(spool.status.failure !== undefined)));
}
