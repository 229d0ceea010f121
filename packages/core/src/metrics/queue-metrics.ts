import type { GroupHealth, QueueBackend } from '../contract/backend.ts';
import { type ComponentHealth, createHealthReporter } from '../health/health-report.ts';
import type { GaugeValue, Metrics } from './create-metrics.ts';

/** Milliseconds that a scrape waits for the broker. After that, the scrape contains the latest known values. */
const PATIENCE_MS = 500;

/**
 * Adds gauges for the state of the backend, and for the lag, the oldest age and the dead letters of each group. Each
 * scrape reads the values from the backend.
 */
export function addQueueMetrics(metrics: Metrics, backend: Pick<QueueBackend, 'name' | 'health'>): void {
  const report = createHealthReporter({ queue: () => backend.health() }, { patienceMs: PATIENCE_MS });
  let reading: Promise<ComponentHealth | undefined> | undefined;

  /** The gauges of one scrape share one health check. */
  function read(): Promise<ComponentHealth | undefined> {
    reading ??= report()
      .then(({ components }) => components['queue'])
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  async function perGroup(
    value: (group: GroupHealth) => number | undefined,
  ): Promise<GaugeValue<Readonly<Record<'key' | 'group', string>>>[]> {
    const { groups = [] } = (await read()) ?? {};
    return groups.flatMap((one) => {
      const known = value(one);
      return known === undefined ? [] : [{ labels: { key: one.key, group: one.group }, value: known }];
    });
  }

  metrics.gauge('queueUp', async () => {
    const health = await read();
    return [{ labels: { backend: backend.name }, value: Number(health?.status !== 'down') }];
  });
  metrics.gauge('queueLag', () => perGroup(({ lag }) => lag));
  metrics.gauge('queueOldestAge', () => perGroup(({ oldestAgeMs: ms }) => (ms === undefined ? undefined : ms / 1000)));
  metrics.gauge('queueDeadLetters', () => perGroup(({ deadLetters }) => deadLetters));
}
