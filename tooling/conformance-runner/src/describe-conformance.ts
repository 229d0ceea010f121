import {
  type ConformanceHarness,
  type ConformanceOptions,
  type Property,
  properties,
  runConformance,
  runsAlone,
} from '@slack-mcp/conformance';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HarnessEntry } from './find-harnesses.ts';
import { loadHarness } from './load-harness.ts';

/** Milliseconds after which a property without a deadline of its own is aborted. */
const TIMEOUT_MS = 900_000;

/** Maximum milliseconds for each expected event. Only a backend that hangs takes this long. */
const DEADLINE_MS = 60_000;

/** Number of brokers that properties break at the same time. */
const BROKEN_BROKERS = 2;

/**
 * Adds one test for each property. A property that cannot be tested is skipped with the reason. Properties mostly wait,
 * so up to vitest's `maxConcurrency` of them overlap. Properties that break the broker get their own brokers;
 * properties that examine the whole process run last.
 */
export function describeConformance(entry: HarnessEntry, options: ConformanceOptions = {}): void {
  describe(entry.name, async () => {
    const harness = await loadHarness(entry);
    if (typeof harness === 'string') return test.skip(harness, () => {});
    afterAll(() => harness.dispose?.());
    const judge = (property: Property, on: ConformanceHarness, skip: (reason: string) => void): Promise<void> =>
      expectToHold(property, on, { deadlineMs: DEADLINE_MS, ...options }, skip);

    const shared = properties.filter((property) => !runsAlone(property) || harness.faults === undefined);
    const breaking = properties.filter((property) => !shared.includes(property) && property.exclusive !== true);
    const beside = shared.filter((property) => property.exclusive !== true);

    describe.concurrent('beside each other', () => {
      test.for(beside)('$id', { timeout: TIMEOUT_MS }, (property, { skip }) => judge(property, harness, skip));
    });

    for (let number = 1; number <= Math.min(BROKEN_BROKERS, breaking.length); number += 1) {
      describe.concurrent(`alone with broker ${number}`, () => {
        let own: ConformanceHarness;
        beforeAll(async () => {
          own = await entry.load();
        });
        afterAll(() => own.dispose?.());
        const dealt = breaking.filter((_, index) => index % BROKEN_BROKERS === number - 1);
        test.for(dealt)('$id', { timeout: TIMEOUT_MS, concurrent: false }, (property, { skip }) =>
          judge(property, own, skip),
        );
      });
    }

    describe('alone in the process', () => {
      const whole = properties.filter((property) => property.exclusive === true);
      test.for(whole)('$id', { timeout: TIMEOUT_MS }, (property, { skip }) => judge(property, harness, skip));
    });
  });
}

async function expectToHold(
  { id }: Property,
  harness: ConformanceHarness,
  options: ConformanceOptions,
  skip: (reason: string) => void,
): Promise<void> {
  const { properties: results } = await runConformance(harness, { ...options, only: [id] });
  const { status, reason } = results[0] as (typeof results)[number];
  if (status === 'not-run' || status === 'not-applicable') skip(`${status}: ${reason}`);
  expect(reason).toBeUndefined();
  expect(status).toBe('passed');
}
