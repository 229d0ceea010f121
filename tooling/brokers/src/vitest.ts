import { afterAll, describe, inject, test } from 'vitest';
import type { Broker, BrokerName } from './broker.ts';
import { BrokerUnavailableError } from './broker-unavailable-error.ts';
import { readEnvironment } from './environment.ts';
import { openBroker } from './open-broker.ts';
import { leaseBroker } from './shared-brokers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    brokersPort: number;
  }
}

/** Port of the process that shares brokers, for `leaseBroker`. `undefined` in a run without shared brokers. */
export function sharedBrokersPort(): number | undefined {
  return inject('brokersPort') as number | undefined;
}

/**
 * Describes tests with a broker that all test files of the run share: use your own names (`namespace()`), and do not
 * stop or wipe the broker. If it is unavailable, the tests are skipped with one line, or fail with `BROKERS=required`.
 */
export function describeWithBroker(name: BrokerName, body: (broker: Broker) => void): void {
  const port = sharedBrokersPort();
  describeWithOwnBroker(name, () => (port === undefined ? openBroker(name) : leaseBroker(port, name)), body);
}

/** Describes tests with a private broker, which they may kill. `start` is a function like `() => startRedis(…)`. */
export function describeWithOwnBroker<B extends { dispose(): Promise<void> }>(
  title: string,
  start: () => Promise<B>,
  body: (broker: B) => void,
): void {
  describe(title, async () => {
    try {
      const broker = await start();
      afterAll(() => broker.dispose());
      body(broker);
    } catch (error) {
      if (!(error instanceof BrokerUnavailableError)) throw error;
      if (readEnvironment().mode === 'required') throw new Error(`BROKERS=required, but ${error.message}`);
      process.stderr.write(`\n!! SKIPPED ${title}: ${error.message}\n`);
      test.skip(error.message, () => undefined);
    }
  });
}
