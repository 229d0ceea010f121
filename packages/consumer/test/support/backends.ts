import type { ConformanceHarness } from '@slack-mcp/conformance';
import { findHarnesses, loadHarness } from '@slack-mcp/conformance-runner';
import { sharedBrokersPort } from '@slack-mcp/conformance-runner/vitest';
import { afterAll, describe, test } from 'vitest';

/**
 * Describes tests for every backend of the repository that has a conformance harness; a new backend is included
 * automatically. If a broker is not available, its tests are skipped with one line, or fail with `BROKERS=required`.
 *
 * @param where - `network`: only backends whose consumers can be separate processes
 * @param broker - `own`: for tests with faults. Default: Kafka and RabbitMQ are shared by the test files of the run
 */
export function describeBackends(
  title: string,
  where: 'everywhere' | 'network',
  body: (harness: ConformanceHarness) => void,
  broker: 'shared' | 'own' = 'shared',
): void {
  const options = broker === 'shared' ? { brokersPort: sharedBrokersPort() } : {};
  for (const entry of findHarnesses()) {
    const { name } = entry;
    // The only backend inside one process; the others would be started only to be skipped.
    if (where === 'network' && name === 'memory') continue;
    describe(`${title}: ${name}`, async () => {
      const harness = await loadHarness(entry, title, options);
      if (typeof harness === 'string') return test.skip(harness, () => {});
      afterAll(() => harness.dispose?.());
      body(harness);
    });
  }
}

/** Variables with which a backend's broker refuses it. */
export const WRONG_CREDENTIALS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  redis: { REDIS_USERNAME: 'nobody', REDIS_PASSWORD: 'wrong' },
  kafka: { KAFKA_PASSWORD: 'wrong' },
  rabbitmq: { RABBITMQ_USERNAME: 'nobody', RABBITMQ_PASSWORD: 'wrong' },
};

/** The variable with the milliseconds after which a backend's silent consumer loses its messages. */
export const LEASE_VARIABLES: Readonly<Record<string, string>> = {
  redis: 'REDIS_LEASE_MS',
  kafka: 'KAFKA_LEASE_MS',
};
